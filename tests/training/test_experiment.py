"""One run from data to test error, on a problem that is learnt in a moment."""

import pytest
import torch

from sdae.data.examples import Examples
from sdae.errors import SdaeError
from sdae.files import read_json
from sdae.models.classifier import Classifier
from sdae.paper.published import published, published_model
from sdae.runs import versions
from sdae.runs.folder import RunFolder
from sdae.runs.result import row
from sdae.settings.fine_tuning import FineTuning
from sdae.settings.pretraining import Pretraining
from sdae.tracking.metrics_file import read_metrics
from sdae.tracking.options import Tracking
from sdae.training import experiment
from sdae.training.experiment import Experiment, method_name
from sdae.training.stages import Stages
from sdae.training.trainer import OneDeviceTrainer


@pytest.fixture
def run(easy, tmp_path):
    """Run an experiment in a new folder; return the folder and the result."""

    def run(name="run", problem=None, fine_tuning=None, **how):
        folder = RunFolder(tmp_path / name)
        folder.create()
        problem = problem or easy()
        rate = 0.02 if problem.value_range == (0.0, 1.0) else 0.002
        pretraining = Pretraining(**{"epochs": 10, "learning_rate": rate, **how})
        tuning = FineTuning(**{"learning_rate": 0.1, "max_epochs": 40, "patience": 5, **(fine_tuning or {})})
        network = {"n_layers": 2, "n_units": 12, "learning_rate": tuning.learning_rate}
        spec = Experiment(
            problem=problem,
            classifier=Classifier(problem.n_features, problem.n_classes, **network),
            pretraining=pretraining,
            fine_tuning=tuning,
            trainer=OneDeviceTrainer("cpu", progress=False),
            tracking=Tracking("off"),
            config={},
        )
        result = experiment.run(spec, folder)
        return folder, result

    return run


def test_a_rate_at_which_nothing_is_learned_is_said(run, easy, caplog):
    run("good")
    assert "no class was learned" not in caplog.text
    _, result = run("absurd", fine_tuning={"learning_rate": 30.0, "max_epochs": 3})
    assert result["valid_error"] >= 0.5
    assert "absurd: no class was learned: the lowest validation error, " in caplog.text
    assert "try more epochs of fine-tuning, or a learning rate of fine-tuning below 30" in caplog.text


def losses(folder, layer):
    return [value for key, _, value in read_metrics(folder.metrics) if key == f"pretrain/layer{layer}/loss"]


def decoders(folder):
    layers = (torch.load(folder.layer(k), weights_only=True) for k in (1, 2))
    return [layer["hyper_parameters"]["reconstruction"] for layer in layers]


NOISES = [
    {"corruption": "masking", "noise_level": 0.25},
    {"corruption": "masking", "noise_level": 0.25, "emphasis": (1.0, 0.5)},
    {"corruption": "masking", "noise_level": 0.0},
    {"corruption": "salt-and-pepper", "noise_level": 0.25},
    {"corruption": "gaussian", "noise_level": 0.3},
    {"corruption": "masking", "noise_level": 0.25, "tied": False},
    {"corruption": "swap", "noise_level": 0.25},
]


@pytest.mark.parametrize("value_range", [(0.0, 1.0), (-2.0, 2.0)], ids=["fractions", "real numbers"])
@pytest.mark.parametrize(
    "how", NOISES, ids=["masking", "emphasis", "none", "salt-and-pepper", "gaussian", "untied", "swap"]
)
def test_a_stack_learns_with_every_noise(run, easy, how, value_range):
    folder, result = run(problem=easy(value_range), **how)
    assert result["test_error"] < 0.1  # chance is 0.5
    assert result["method"] == ("SAE-2" if how["noise_level"] == 0 else "SDAE-2")
    for layer in (1, 2):
        assert losses(folder, layer)[-1] < 0.95 * losses(folder, layer)[0]


def test_data_outside_the_unit_interval_get_a_linear_decoder_above_them_only(run, easy):
    assert decoders(run("fractions", easy())[0]) == ["cross-entropy", "cross-entropy"]
    assert decoders(run("real", easy((-2.0, 2.0)))[0]) == ["squared", "cross-entropy"]


def test_cross_entropy_on_such_data_is_refused(run, easy):
    with pytest.raises(SdaeError, match=r"pretraining.reconstruction: .* \[-2, 2\]; use squared"):
        run(problem=easy((-2.0, 2.0)), reconstruction="cross-entropy")


def test_salt_and_pepper_takes_the_datas_own_minimum_and_maximum(run, easy):
    folder, _ = run(problem=easy((-2.0, 2.0)), corruption="salt-and-pepper")
    ranges = [torch.load(folder.layer(k), weights_only=True)["hyper_parameters"]["value_range"] for k in (1, 2)]
    assert ranges == [(-2.0, 2.0), (0.0, 1.0)]


def test_the_test_set_decides_nothing(run, easy):
    """With every test label the other way round the same network is found, and errs where it was right."""
    folder, result = run("straight", easy())
    flipped, other = run("flipped", easy(flip_test=True))
    best, same = (torch.load(f.best, weights_only=True)["state_dict"] for f in (folder, flipped))
    torch.testing.assert_close(best, same, rtol=0, atol=0)
    assert other["valid_error"] == result["valid_error"]
    assert other["test_error"] == pytest.approx(1 - result["test_error"])


def test_the_test_set_is_looked_at_once(run, easy, monkeypatch):
    seen = []
    step = Classifier.test_step

    def watched(self, batch, batch_idx):
        seen.append(len(batch[1]))
        step(self, batch, batch_idx)

    monkeypatch.setattr(Classifier, "test_step", watched)
    _, result = run()
    assert sum(seen) == easy.sizes.test
    assert result["examples"] == {"train": 300, "valid": 100, "test": 200}


def test_what_is_returned_is_what_is_kept(run):
    folder, result = run()
    kept = read_json(folder.result)
    assert kept.pop("hyperparameters")["pretraining"]["noise_level"] == 0.25
    result.pop("hyperparameters")
    assert kept == result
    assert kept["published"] is None
    assert kept["provenance"] == "local"


def test_the_commit_is_that_which_the_run_began_with_and_those_that_resumed_it(run, monkeypatch):
    commit = ["abc"]
    monkeypatch.setattr(versions, "commit", lambda: commit[0])
    keep = Stages.keep_pretrained

    def keep_after_a_commit(self, classifier):
        keep(self, classifier)
        commit[0] = "def"

    monkeypatch.setattr(Stages, "keep_pretrained", keep_after_a_commit)
    folder, result = run()
    assert result["versions"]["commit"] == "abc"
    folder.result.unlink()
    folder.write_config("")
    assert run()[1]["versions"]["commit"] == "abc, def"


def test_without_pretraining_it_is_an_mlp(run):
    folder, result = run(layer="none")
    assert result["method"] == "MLP-2"
    assert result["hyperparameters"]["pretraining"] is None
    assert not folder.layer(1).exists()
    begun = torch.load(folder.pretrained, weights_only=True)["state_dict"]
    torch.testing.assert_close(begun["encoders.0.weight"], Classifier(16, 2, 2, 12).hidden[0].weight.detach())
    assert not begun["output.weight"].any()


def test_pretraining_is_what_fine_tuning_begins_with(run):
    folder, _ = run()
    begun = torch.load(folder.pretrained, weights_only=True)["state_dict"]
    for k in (1, 2):
        layer = torch.load(folder.layer(k), weights_only=True)["state_dict"]
        assert torch.equal(begun[f"encoders.{k - 1}.weight"], layer["encoder.weight"])
        assert torch.equal(begun[f"encoders.{k - 1}.bias"], layer["encoder.bias"])


def test_a_layer_on_top_does_not_move_those_below(run):
    """Every layer has noise and weights of its own."""
    folders = run("both")[0], run("stronger above", noise_level=[0.25, 0.4])[0]

    def weights(k):
        return [torch.load(f.layer(k), weights_only=True)["state_dict"]["encoder.weight"] for f in folders]

    assert torch.equal(*weights(1))
    assert not torch.equal(*weights(2))


@pytest.mark.parametrize("value_range", [(0.0, 1.0), (-2.0, 2.0)], ids=["binary", "gaussian"])
def test_a_deep_belief_network_learns(run, easy, value_range):
    folder, result = run(problem=easy(value_range), layer="rbm")
    assert result["method"] == "DBN-2"
    assert result["test_error"] < 0.1
    for layer in (1, 2):
        assert losses(folder, layer)[-1] < 0.95 * losses(folder, layer)[0]
    logged = {key for key, _, _ in read_metrics(folder.metrics)}
    assert "pretrain/layer1/free_energy_gap" in logged
    assert ("pretrain/layer1/pseudo_likelihood" in logged) == (value_range == (0.0, 1.0))


def test_fine_tuning_swaps_components_of_training_examples(run):
    for name, level in (("noisy", 0.25), ("clean", 0.0)):
        folder, result = run(name, fine_tuning={"corruption": "swap", "noise_level": level})
        assert result["test_error"] < 0.1
    noisy, clean = (read_metrics(folder.path.parent / name / "metrics.csv") for name in ("noisy", "clean"))
    assert [row for row in noisy if row[0] == "fit/loss"] != [row for row in clean if row[0] == "fit/loss"]


@pytest.mark.parametrize(("noise", "method"), [(0.0, "SAE-2(1)"), (0.25, "SAE-2(2)")])
def test_training_with_noisy_inputs(run, noise, method):
    folder, result = run(noise_level=0.25, noisy_inputs=True, fine_tuning={"noise_level": noise})
    assert result["method"] == method
    assert result["test_error"] < 0.1
    # Both pretrain alike, and only (2) fine-tunes with noise.
    other, _ = run("other", noise_level=0.25, noisy_inputs=True, fine_tuning={"noise_level": 0.1 + noise})
    for name, same in (("pretrained.ckpt", True), ("best.ckpt", False)):
        ours, theirs = (torch.load(f.path / name, weights_only=True)["state_dict"] for f in (folder, other))
        assert torch.equal(ours["encoders.1.weight"], theirs["encoders.1.weight"]) == same


@pytest.mark.parametrize(
    ("how", "method"),
    [
        ({}, "SDAE-3 with noisy fine-tuning"),
        ({"noise_level": 0.0}, "SAE-3 with noisy fine-tuning"),
        ({"layer": "none"}, "MLP-3 with noisy fine-tuning"),
        ({"noisy_inputs": True}, "SAE-3(2)"),
    ],
)
def test_a_method_that_fine_tunes_with_noise_has_no_row_of_the_papers_but_sae_2(how, method):
    name = method_name(Pretraining(**how), FineTuning(noise_level=0.4), 3)
    assert name == method
    assert published("rect", published_model(name, "rect", "masking", False)) is None
    assert method_name(Pretraining(**how), FineTuning(), 3) == method.replace(" with noisy fine-tuning", "").replace(
        "(2)", "(1)"
    )


def test_weight_decay_makes_smaller_weights(run):
    norms = []
    for decay in (0.0, 0.1):
        folder, _ = run(f"decay {decay}", weight_decay=decay, noise_level=0.0)
        norms.append(torch.load(folder.layer(1), weights_only=True)["state_dict"]["encoder.weight"].norm())
    assert norms[1] < 0.9 * norms[0]


def without_classes(easy):
    problem = easy()
    problem.setup()
    problem.n_classes = 0
    for split, examples in problem.splits.items():
        setattr(problem, split, examples._replace(t=torch.zeros_like(examples.t)))
    problem.setup = lambda: None
    return problem


@pytest.mark.parametrize("which", ["no epochs of fine-tuning", "no classes"])
def test_a_run_can_end_with_the_pretrained_stack(run, easy, which):
    whole, expected = run("whole")
    if which == "no classes":
        folder, result = run(problem=without_classes(easy))
    else:
        folder, result = run(fine_tuning={"max_epochs": 0})
    assert [result[key] for key in ("valid_error", "test_error", "test_interval")] == [None] * 3
    assert result["epochs"] == {"pretraining": 10, "fine_tuning": 0, "best": 0}
    assert not folder.best.exists()
    ours, theirs = (torch.load(f.pretrained, weights_only=True)["state_dict"] for f in (folder, whole))
    assert torch.equal(ours["encoders.1.weight"], theirs["encoders.1.weight"])
    assert expected["test_error"] is not None
    assert row(result).splitlines()[2].split()[4:6] == ["–", "–"]


def test_pretraining_sees_all_examples_and_fine_tuning_those_with_a_label(run, easy):
    class Partly(easy):
        def setup(self, stage=None):
            super().setup(stage)
            t = torch.full_like(self.train.t, -1)
            t[:40] = self.train.t[:40]
            self.train = Examples(self.train.x, t)

    whole, all_labels = run("whole")
    folder, few = run("few", problem=Partly())
    for name, same in (("pretrained.ckpt", True), ("best.ckpt", False)):
        ours, theirs = (torch.load(f.path / name, weights_only=True)["state_dict"] for f in (whole, folder))
        assert torch.equal(ours["encoders.1.weight"], theirs["encoders.1.weight"]) == same
    assert (few["labels"], few["examples"]["train"]) == (40, 300)
    assert all_labels["labels"] == 300
    assert few["test_error"] < 0.3
