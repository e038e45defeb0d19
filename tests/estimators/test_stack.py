"""What both estimators have in common: input of every type, representations, pipelines, and copies."""

import pickle

import joblib
import numpy as np
import pytest
from scipy import sparse
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from stacks import TEST, VALID, WINE, Y_VALID, X, Y, autoencoder, classifier, same


def test_float32_float64_lists_and_fortran_order_are_the_same_numbers(fitted_classifier):
    for x in (X.astype(np.float32), np.asfortranarray(X), X.tolist()):
        same(classifier().fit(x, Y), fitted_classifier)
    expected = fitted_classifier.predict_proba(X)
    for x in (X.astype(np.float32), np.asfortranarray(X)):
        np.testing.assert_array_equal(fitted_classifier.predict_proba(x), expected)
    order = np.random.default_rng(0).permutation(len(X))
    np.testing.assert_allclose(fitted_classifier.predict_proba(X[order]), expected[order], atol=1e-6)


def test_it_is_cloned_pickled_and_kept_by_joblib(fitted_classifier, tmp_path):
    fresh = clone(fitted_classifier)
    assert fresh.get_params() == fitted_classifier.get_params()
    with pytest.raises(NotFittedError):
        fresh.predict(X)
    joblib.dump(fitted_classifier, tmp_path / "kept")
    for copy in (pickle.loads(pickle.dumps(fitted_classifier)), joblib.load(tmp_path / "kept")):
        np.testing.assert_array_equal(copy.predict_proba(TEST), fitted_classifier.predict_proba(TEST))
        assert copy.history_ == fitted_classifier.history_


def test_a_stack_without_classes_is_cloned_and_pickled(fitted_autoencoder):
    assert clone(fitted_autoencoder).get_params() == fitted_autoencoder.get_params()
    copy = pickle.loads(pickle.dumps(fitted_autoencoder))
    expected = fitted_autoencoder.inverse_transform(fitted_autoencoder.transform(VALID))
    np.testing.assert_array_equal(copy.inverse_transform(copy.transform(VALID)), expected)
    assert copy.layers_[0].encoder is copy.network_.hidden[0]  # one array, not two


def test_grid_search_in_two_processes():
    grid = {"noise_level": [0.1, 0.4], "hidden_layer_sizes": [(20,), (10, 10)]}
    search = GridSearchCV(classifier(), grid, cv=2, n_jobs=2).fit(X, Y)
    alone = GridSearchCV(classifier(), grid, cv=2).fit(X, Y)
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
    model = make_pipeline(columns, classifier(max_epochs=60)).fit(frame, y)
    assert model.score(frame, y) > 0.85
    features = make_pipeline(columns, classifier()).set_output(transform="pandas").fit(frame, y).transform(frame)
    assert list(features.columns) == [f"stackedautoencoderclassifier{k}" for k in range(20)]
    assert (features.index == frame.index).all()


def test_names_of_columns_are_kept_and_columns_in_another_order_refused():
    pandas = pytest.importorskip("pandas", reason="pip install -e '.[dev]'")
    frame = pandas.DataFrame(X, columns=[f"pixel {k}" for k in range(64)])
    model = classifier(max_epochs=2).fit(frame, Y)
    assert list(model.feature_names_in_) == list(frame.columns)
    with pytest.raises(ValueError, match="feature names"):
        model.predict(frame[frame.columns[::-1]])


def test_transform_returns_any_layer(fitted_classifier):
    assert fitted_classifier.transform(X).shape == (400, 20)
    np.testing.assert_array_equal(fitted_classifier.transform(X, layer=2), fitted_classifier.transform(X))
    np.testing.assert_allclose(fitted_classifier.transform(X, layer=0), X, rtol=1e-6)
    w, b = (p.detach().double().numpy() for p in fitted_classifier.network_.hidden[0].parameters())
    np.testing.assert_allclose(fitted_classifier.transform(X, layer=1), 1 / (1 + np.exp(-(X @ w.T + b))), atol=1e-5)
    first = clone(fitted_classifier).set_params(layer=1).fit(X, Y)
    np.testing.assert_array_equal(first.transform(X), fitted_classifier.transform(X, layer=1))
    assert len(first.get_feature_names_out()) == 30
    with pytest.raises(ValueError, match="layer 3 does not exist; the stack has layers 1 to 2"):
        fitted_classifier.transform(X, layer=3)
    with pytest.raises(ValueError, match="layer: a whole number, not 1.5"):
        fitted_classifier.transform(X, layer=1.5)


def test_columns_of_another_layer_are_named_too(fitted_classifier):
    pytest.importorskip("pandas", reason="pip install -e '.[dev]'")
    frame = pickle.loads(pickle.dumps(fitted_classifier)).set_output(transform="pandas").transform(X, layer=1)
    assert list(frame.columns) == [f"stackedautoencoderclassifier{k}" for k in range(30)]


def test_its_features_serve_a_pipeline_and_have_names(fitted_autoencoder):
    model = make_pipeline(autoencoder(), LogisticRegression(max_iter=1000)).fit(X, Y)
    assert model.score(VALID, Y_VALID) > 0.7  # chance is 0.1
    assert list(fitted_autoencoder.get_feature_names_out()) == [f"stackedautoencoder{k}" for k in range(30)]


def test_pandas_in_and_out():
    pandas = pytest.importorskip("pandas", reason="pip install -e '.[dev]'")
    frame = pandas.DataFrame(WINE, index=[f"bottle {k}" for k in range(len(WINE))])
    frame.columns = [f"measure {k}" for k in range(WINE.shape[1])]
    model = autoencoder(pretraining_learning_rate="auto").set_output(transform="pandas")
    features = model.fit_transform(frame)
    assert list(features.index) == list(frame.index)
    assert list(features.columns) == list(model.get_feature_names_out())
    np.testing.assert_array_equal(features.to_numpy(), model.set_output(transform="default").transform(frame))


def test_a_layer_that_is_not_there_is_refused(fitted_autoencoder):
    with pytest.raises(ValueError, match="layer 5 does not exist"):
        clone(fitted_autoencoder).set_params(layer=5, pretraining_epochs=1).fit(X)  # before anything is trained


@pytest.mark.parametrize("kind", [sparse.csr_matrix, sparse.csc_array])
def test_sparse_input_is_refused_in_one_line(kind, fitted_classifier):
    for call in (lambda: classifier().fit(kind(X), Y), lambda: fitted_classifier.predict(kind(X))):
        with pytest.raises(TypeError, match="[Ss]parse") as refused:
            call()
        assert "\n" not in str(refused.value)


def test_a_number_that_float32_cannot_hold_is_named_by_its_row(fitted_classifier):
    x = X[:3].copy()
    x[1, 5] = 1e39
    with pytest.raises(ValueError, match="X: row 1, counted from 0, holds 1e.39 in component 5, more than float32"):
        fitted_classifier.predict(x)


def test_fit_transform_is_fit_then_transform(fitted_autoencoder):
    np.testing.assert_array_equal(autoencoder().fit_transform(X), fitted_autoencoder.transform(X))
