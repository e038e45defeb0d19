"""The classifier: its numbers are those of a run, and it does what people expect of one of scikit-learn's."""

import pickle
import signal
import threading
import warnings

import joblib
import numpy as np
import pytest
import torch
from lightning import Callback
from scipy import sparse
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from sdae.errors import Diverged
from sdae.estimators import StackedAutoencoderClassifier, training
from sdae.models.classifier import Classifier
from sdae.runs.folder import RunFolder
from sdae.settings.fine_tuning import FineTuning
from sdae.settings.pretraining import Pretraining
from sdae.tracking.tracking import Tracking
from sdae.training import experiment
from sdae.training.experiment import Experiment
from sdae.training.trainer import OneDeviceTrainer

DIGITS, T = load_digits(return_X_y=True)
X, VALID, TEST = DIGITS[:400] / 16, DIGITS[400:600] / 16, DIGITS[600:800] / 16
Y, Y_VALID, Y_TEST = T[:400], T[400:600], T[600:800]


def small(**params):
    base = {
        "hidden_layer_sizes": (30, 20),
        "pretraining_epochs": 5,
        "pretraining_learning_rate": 0.05,
        "max_epochs": 15,
        "random_state": 3,
        "device": "cpu",
    }
    return StackedAutoencoderClassifier(**{**base, **params})


@pytest.fixture(scope="module")
def fitted():
    return small().fit(X, Y)


def same(one, other):
    torch.testing.assert_close(one.network_.state_dict(), other.network_.state_dict(), rtol=0, atol=0)


def test_its_defaults_are_the_packages():
    params = StackedAutoencoderClassifier().get_params()
    how, tuning = Pretraining(), FineTuning()
    for name in (
        *("corruption", "noise_level", "emphasis", "tied", "reconstruction", "visible"),
        *("cd_steps", "persistent", "weight_decay", "batch_size"),
    ):
        assert params[name] == getattr(how, name), name
    assert params["pretraining_epochs"] == how.epochs
    for name in ("learning_rate", "max_epochs", "patience", "batch_size"):
        assert params[name] == getattr(tuning, name), name
    assert params["hidden_layer_sizes"] == (Classifier(2, 2).n_units[0],) * Classifier(2, 2).n_layers


@pytest.mark.parametrize("pretraining", ["denoising", "autoencoder", "rbm", None])
def test_its_numbers_are_those_of_a_run_with_the_same_settings(pretraining, easy, tmp_path):
    """Not only as good: the very weights that `fit` would leave, so there is one implementation."""
    problem = easy()
    problem.load()
    ours = small(pretraining=pretraining, hidden_layer_sizes=(12, 8), max_epochs=6, batch_size=1).fit(
        problem.train.x.numpy(), problem.train.t.numpy(), problem.valid.x.numpy(), problem.valid.t.numpy()
    )
    how = Pretraining(
        layer={"rbm": "rbm", None: "none"}.get(pretraining, "autoencoder"),
        epochs=5,
        learning_rate=0.05,
        noise_level=0.0 if pretraining == "autoencoder" else 0.25,
    )
    network = Classifier(16, 2, n_layers=2, n_units=[12, 8], learning_rate=0.1, seed=3)
    folder = RunFolder(tmp_path / "run")
    folder.create()
    trainer = OneDeviceTrainer("cpu", progress=False)
    what = Experiment(problem, network, how, FineTuning(max_epochs=6), trainer, Tracking("off"), {})
    result = experiment.run(what, folder)
    torch.testing.assert_close(ours.network_.state_dict(), network.state_dict(), rtol=0, atol=0)
    assert ours.validation_error_ == result["valid_error"]
    assert ours.n_iter_ == result["epochs"]["fine_tuning"]


def test_it_learns_and_its_probabilities_are_in_the_order_of_the_classes():
    words = np.array([f"digit {9 - digit}" for digit in Y])
    model = small(max_epochs=40).fit(X, words)
    assert list(model.classes_) == sorted(set(words))
    p = model.predict_proba(TEST)
    assert p.shape == (200, 10)
    np.testing.assert_allclose(p.sum(1), 1, rtol=1e-5)
    assert list(model.predict(TEST)) == [model.classes_[k] for k in p.argmax(1)]
    assert model.score(TEST, [f"digit {9 - digit}" for digit in Y_TEST]) > 0.8


def test_the_same_seed_is_the_same_network_and_fit_again_starts_anew(fitted):
    again = small().fit(X, Y)
    same(again, fitted)
    assert again.fit(VALID, Y_VALID).network_ is not fitted.network_
    same(again.fit(X, Y), fitted)
    other = small(random_state=4).fit(X, Y)
    assert not torch.equal(other.network_.hidden[0].weight, fitted.network_.hidden[0].weight)
    ways = [small(random_state=np.random.RandomState(5)).fit(X, Y) for _ in range(2)]
    same(*ways)


def test_float32_float64_lists_and_fortran_order_are_the_same_numbers(fitted):
    for x in (X.astype(np.float32), np.asfortranarray(X), X.tolist()):
        same(small().fit(x, Y), fitted)
    expected = fitted.predict_proba(X)
    for x in (X.astype(np.float32), np.asfortranarray(X)):
        np.testing.assert_array_equal(fitted.predict_proba(x), expected)
    order = np.random.default_rng(0).permutation(len(X))
    np.testing.assert_allclose(fitted.predict_proba(X[order]), expected[order], atol=1e-6)


def test_it_is_cloned_pickled_and_kept_by_joblib(fitted, tmp_path):
    fresh = clone(fitted)
    assert fresh.get_params() == fitted.get_params()
    with pytest.raises(NotFittedError):
        fresh.predict(X)
    joblib.dump(fitted, tmp_path / "kept")
    for copy in (pickle.loads(pickle.dumps(fitted)), joblib.load(tmp_path / "kept")):
        np.testing.assert_array_equal(copy.predict_proba(TEST), fitted.predict_proba(TEST))
        assert copy.history_ == fitted.history_


def test_a_pickle_holds_no_training_examples():
    many = np.random.default_rng(0).random((3000, 64))
    model = small(corruption="swap", pretraining_epochs=1, max_epochs=1).fit(many, np.arange(3000) % 2)
    assert len(pickle.dumps(model)) < many.astype(np.float32).nbytes / 4


def test_grid_search_in_two_processes():
    grid = {"noise_level": [0.1, 0.4], "hidden_layer_sizes": [(20,), (10, 10)]}
    search = GridSearchCV(small(), grid, cv=2, n_jobs=2).fit(X, Y)
    alone = GridSearchCV(small(), grid, cv=2).fit(X, Y)
    np.testing.assert_allclose(search.cv_results_["mean_test_score"], alone.cv_results_["mean_test_score"], atol=0.02)
    assert search.best_estimator_.score(X, Y) > 0.5


def test_pipelines_and_column_transformers_with_pandas():
    pandas = pytest.importorskip("pandas", reason="pip install -e '.[dev]'")
    random = np.random.default_rng(0)
    frame = pandas.DataFrame(
        {"a": random.normal(50, 9, 300), "b": random.random(300), "c": random.choice(["u", "v"], 300)}
    )
    y = np.where((frame["a"] > 50) ^ (frame["c"] == "u"), "yes", "no")
    columns = ColumnTransformer([("n", StandardScaler(), ["a", "b"]), ("c", OneHotEncoder(sparse_output=False), ["c"])])
    model = make_pipeline(columns, small(max_epochs=60)).fit(frame, y)
    assert model.score(frame, y) > 0.85
    features = make_pipeline(columns, small()).set_output(transform="pandas").fit(frame, y).transform(frame)
    assert list(features.columns) == [f"stackedautoencoderclassifier{k}" for k in range(20)]
    assert (features.index == frame.index).all()


def test_names_of_columns_are_kept_and_columns_in_another_order_refused():
    pandas = pytest.importorskip("pandas", reason="pip install -e '.[dev]'")
    frame = pandas.DataFrame(X, columns=[f"pixel {k}" for k in range(64)])
    model = small(max_epochs=2).fit(frame, Y)
    assert list(model.feature_names_in_) == list(frame.columns)
    with pytest.raises(ValueError, match="feature names"):
        model.predict(frame[frame.columns[::-1]])


def test_transform_returns_any_layer(fitted):
    assert fitted.transform(X).shape == (400, 20)
    np.testing.assert_array_equal(fitted.transform(X, layer=2), fitted.transform(X))
    np.testing.assert_allclose(fitted.transform(X, layer=0), X, rtol=1e-6)
    w, b = (p.detach().double().numpy() for p in (fitted.network_.hidden[0].weight, fitted.network_.hidden[0].bias))
    np.testing.assert_allclose(fitted.transform(X, layer=1), 1 / (1 + np.exp(-(X @ w.T + b))), atol=1e-5)
    first = clone(fitted).set_params(layer=1).fit(X, Y)
    np.testing.assert_array_equal(first.transform(X), fitted.transform(X, layer=1))
    assert len(first.get_feature_names_out()) == 30
    with pytest.raises(ValueError, match="layer: 3 is not there; the stack has layers 1 to 2"):
        fitted.transform(X, layer=3)


def test_columns_of_another_layer_are_named_too(fitted):
    pytest.importorskip("pandas", reason="pip install -e '.[dev]'")
    frame = pickle.loads(pickle.dumps(fitted)).set_output(transform="pandas").transform(X, layer=1)
    assert list(frame.columns) == [f"stackedautoencoderclassifier{k}" for k in range(30)]


def test_pretraining_sees_unlabelled_examples_and_fine_tuning_does_not(monkeypatch):
    y = np.where(np.arange(400) < 100, Y, -1)
    seen = {}
    original = training.run

    def look(what, *args, **kwargs):
        seen["pretraining"], seen["labelled"] = len(what.problem.train.x), len(what.problem.labelled.x)
        return original(what, *args, **kwargs)

    monkeypatch.setattr(training, "run", look)
    model = small(max_epochs=40).fit(X, y)
    assert seen == {"pretraining": 390, "labelled": 90}  # ten of the labelled ones are for validation
    assert list(model.classes_) == list(range(10))
    assert model.score(TEST, Y_TEST) > 0.5
    # The labelled ones alone are not the same: what pretraining sees differs.
    assert not torch.equal(small().fit(X[:100], Y[:100]).layers_[0].encoder.weight, model.layers_[0].encoder.weight)


def test_unlabelled_examples_among_words_need_an_array_of_objects():
    words = np.array([f"d{digit}" for digit in Y], dtype=object)
    words[200:] = -1
    model = small(max_epochs=2).fit(X, words)
    assert list(model.classes_) == [f"d{digit}" for digit in range(10)]
    with pytest.raises(ValueError, match="dtype=object"):
        small().fit(X, words.astype(str))


def test_minus_one_and_one_are_two_classes_as_one_alone_could_not_be_learnt():
    model = small(max_epochs=30).fit(X, np.where(Y > 4, 1, -1))
    assert list(model.classes_) == [-1, 1]
    assert model.score(TEST, np.where(Y_TEST > 4, 1, -1)) > 0.7


@pytest.mark.parametrize("y", [np.full(400, -1), np.full(400, 5)], ids=["unlabelled", "one class"])
def test_one_class_is_refused(y):
    with pytest.raises(ValueError, match="at least two classes are needed, there is 1 class"):
        small().fit(X, y)


def test_the_validation_split_is_stratified_and_nothing_is_trained_on_it(monkeypatch):
    held = []
    original = training.run

    def look(what, *args, **kwargs):
        held.append(what.problem)
        return original(what, *args, **kwargs)

    monkeypatch.setattr(training, "run", look)
    y = (np.arange(400) % 10 == 0).astype(int)
    small(max_epochs=1, validation_fraction=0.2).fit(X, y)
    (problem,) = held
    assert np.bincount(problem.valid.t.numpy()).tolist() == [72, 8]
    rows = {row.tobytes() for row in problem.train.x.numpy()}
    assert not rows & {row.tobytes() for row in problem.valid.x.numpy()}
    assert len(problem.train.x) + len(problem.valid.x) == 400


def test_early_stopping_takes_the_validation_examples_it_is_given():
    model = small(patience=2, max_epochs=200).fit(X, Y, VALID, Y_VALID)
    assert model.n_iter_ < 200
    assert model.validation_error_ == pytest.approx(1 - model.score(VALID, Y_VALID), abs=1e-9)
    with pytest.raises(ValueError, match="y_valid: 77 is a class of no labelled"):
        small().fit(X, Y, VALID, np.full(200, 77))
    with pytest.raises(ValueError, match="X_valid, y_valid: both or none"):
        small().fit(X, Y, VALID)


def test_a_single_example_of_each_class_leaves_none_for_validation():
    with pytest.raises(ValueError, match="pass X_valid and y_valid"):
        small().fit(X[:3], [0, 1, 2])


@pytest.mark.parametrize("kind", [sparse.csr_matrix, sparse.csc_array])
def test_sparse_input_is_refused_in_one_line(kind, fitted):
    for call in (lambda: small().fit(kind(X), Y), lambda: fitted.predict(kind(X))):
        with pytest.raises(TypeError, match="[Ss]parse") as refused:
            call()
        assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"pretraining": "gan"}, "^pretraining: denoising, autoencoder, rbm or None, not 'gan'"),
        ({"noise_level": 1.5}, "^noise_level: a fraction"),
        ({"noise_level": [0.1]}, "^noise_level: 1 values for 2 layers"),
        ({"corruption": "dropout"}, "^corruption: masking, salt-and-pepper, gaussian or swap"),
        ({"pretraining_epochs": 0}, "^pretraining_epochs: at least one"),
        ({"pretraining_learning_rate": "fast"}, "^pretraining_learning_rate: auto, or a positive"),
        ({"pretraining_learning_rate": -1.0}, "^pretraining_learning_rate: a positive"),
        ({"learning_rate": 0}, "^learning_rate: a positive"),
        ({"max_epochs": 0}, "^max_epochs: at least 1"),
        ({"patience": 0}, "^patience: at least 1"),
        ({"hidden_layer_sizes": ()}, "^hidden_layer_sizes: positive whole numbers"),
        ({"hidden_layer_sizes": (10, 0)}, "^hidden_layer_sizes: positive whole numbers"),
        ({"validation_fraction": 1.0}, "^validation_fraction: between 0 and 1"),
        ({"scale": "log"}, "^scale: auto, none, standardise or minmax"),
        ({"device": "tpu"}, "^device: auto, cpu or gpu"),
        ({"emphasis": (0.0, 0.0)}, "^emphasis: weights"),
    ],
)
def test_a_parameter_out_of_range_is_named_as_the_estimator_names_it(params, said):
    with pytest.raises(ValueError, match=said):
        small(**params).fit(X, Y)


def test_divergence_names_the_rate():
    with pytest.raises(Diverged, match="lower pretraining_learning_rate"):
        small(scale="standardise", pretraining_learning_rate=1.0).fit(DIGITS[:400], Y)


@pytest.mark.parametrize("hidden", [10, 1000])
def test_the_automatic_rate_is_stable_on_columns_of_any_scale(hidden):
    random = np.random.default_rng(0)
    table = random.normal(size=(60, 3)) * [1e-3, 1, 1e4] + [5, 0, 1e5]
    model = small(hidden_layer_sizes=(hidden,), pretraining_learning_rate="auto", max_epochs=1, pretraining_epochs=20)
    losses = model.fit(table, np.arange(60) % 2).history_["pretrain/layer1/loss"]
    assert losses[-1] < 3  # the error of reconstructing the mean


class Stop(Callback):
    """Interrupts in an epoch of a stage, as Ctrl-C does."""

    def __init__(self, stage, epoch):
        self.stage, self.epoch = stage, epoch

    def on_train_batch_end(self, trainer, pl_module, *args):
        at = f"layer{pl_module.layer}" if hasattr(pl_module, "layer") else "fine-tuning"
        if (at, trainer.current_epoch) == (self.stage, self.epoch):
            signal.raise_signal(signal.SIGINT)


def interrupted(monkeypatch, model, stage, epoch, *data):
    original = training.run

    def run(*args, callbacks, **kwargs):
        return original(*args, callbacks=[*callbacks, Stop(stage, epoch)], **kwargs)

    monkeypatch.setattr(training, "run", run)
    outside = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
    try:
        with pytest.warns(ConvergenceWarning, match="fit was interrupted"):
            model.fit(*data)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, outside)
    return model


def test_an_interrupt_of_fine_tuning_leaves_the_best_weights_so_far(monkeypatch):
    whole = small(max_epochs=6).fit(X, Y, VALID, Y_VALID)
    model = interrupted(monkeypatch, small(), "fine-tuning", 6, X, Y, VALID, Y_VALID)
    assert model.n_iter_ == 6
    assert model.validation_error_ == min(model.history_["fit/valid_error"])
    same(model, whole)
    assert model.predict(TEST).shape == (200,)


def test_an_interrupt_of_pretraining_leaves_what_was_learnt(monkeypatch, fitted):
    model = interrupted(monkeypatch, small(), "layer2", 2, X, Y)
    assert torch.equal(model.layers_[0].encoder.weight, fitted.layers_[0].encoder.weight)
    assert torch.equal(model.network_.hidden[0].weight, model.layers_[0].encoder.weight)
    assert torch.equal(model.network_.hidden[1].weight, model.layers_[1].encoder.weight)
    assert model.n_iter_ == 0
    assert model.validation_error_ == float("inf")
    assert model.predict(TEST).shape == (200,)


def test_it_can_be_fitted_in_a_thread_and_says_nothing(fitted, capsys):
    result = []
    thread = threading.Thread(target=lambda: result.append(small().fit(X, Y)))
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        thread.start()
        thread.join()
    same(result[0], fitted)
    said = capsys.readouterr()
    assert said.out == said.err == ""


def test_verbose_draws_a_bar_for_each_stage(capsys):
    small(max_epochs=1, verbose=True).fit(X, Y)
    bars = capsys.readouterr().err
    assert all(stage in bars for stage in ("layer 1 of 2", "layer 2 of 2", "fine-tuning"))
