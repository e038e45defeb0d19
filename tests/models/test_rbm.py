"""The restricted Boltzmann machine as a layer: its face, what it reports, and how it stops."""

import json

import numpy as np
import pytest
import torch
from lightning import Trainer
from sklearn.datasets import load_iris, load_wine

from sdae.data.minibatches import shuffled
from sdae.errors import Diverged, SdaeError
from sdae.models.rbm import RBM
from sdae.runs.folder import RunFolder
from sdae.seeds import generator
from sdae.tracking.metrics_file import read_metrics
from sdae.tracking.tracking import Tracker
from sdae.training.stages import Stages
from sdae.training.trainer import OneDeviceTrainer

X = torch.rand(6, 10, generator=torch.Generator().manual_seed(1))


SETTINGS = {"cd_steps": 2}, {"persistent": True}, {"weight_decay": 0.5}, {"sampled_inputs": True}


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def numpy_of(layer):
    return tuple(p.detach().double().numpy() for p in (layer.encoder.weight, layer.encoder.bias, layer.decoder_bias))


def energy(v, w, b, c, visible):
    """The free energy, in numpy and double precision."""
    of_v = -(v @ c) if visible == "binary" else ((v - c) ** 2).sum(1) / 2
    return of_v - np.logaddexp(0, v @ w.T + b).sum(1)


@pytest.fixture
def pretrain(tmp_path, easy):
    """Train a machine on a problem of two noisy patterns as ``fit`` does; return it and the problem."""

    def run(epochs=3, value_range=(0.0, 1.0), folder="run", **how):
        problem = easy(value_range)
        problem.setup()
        layer = RBM(16, 8, **{"learning_rate": 0.02, **how})
        run_folder = RunFolder(tmp_path / folder)
        run_folder.create()
        stages = Stages(run_folder, OneDeviceTrainer("cpu", progress=False), Tracker(run_folder.metrics, None))
        stages.pretrain_layer(layer, problem.train.x, problem.valid.x, epochs, 1)
        return layer, problem

    return run


@pytest.fixture
def logged(tmp_path):
    return lambda key, folder="run": [
        value for name, _, value in read_metrics(tmp_path / folder / "metrics.csv") if name == f"pretrain/layer1/{key}"
    ]


@pytest.mark.parametrize("visible", ["binary", "gaussian"])
def test_it_encodes_and_decodes_as_an_autoencoder_with_tied_weights(visible):
    layer = RBM(10, 4, visible=visible)
    torch.nn.init.normal_(layer.encoder.bias)
    torch.nn.init.normal_(layer.decoder_bias)
    w, b, c = numpy_of(layer)
    y = layer.encode(X)
    assert torch.equal(y, torch.sigmoid(torch.addmm(layer.encoder.bias, X, layer.encoder.weight.t())))
    np.testing.assert_allclose(y.detach().numpy(), sigmoid(X.numpy() @ w.T + b), rtol=1e-5)
    a = y.detach().double().numpy() @ w + c
    z = a if visible == "gaussian" else sigmoid(a)
    np.testing.assert_allclose(layer.decode(y).detach().numpy(), z, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("persistent", [False, True])
def test_it_is_read_back_whole(pretrain, tmp_path, persistent):
    layer, problem = pretrain(persistent=persistent)
    again = RBM.load_from_checkpoint(tmp_path / "run" / "layer1.ckpt", weights_only=True)
    torch.testing.assert_close(again.state_dict(), layer.state_dict(), rtol=0, atol=0)
    torch.testing.assert_close(again.encode(problem.valid.x), layer.encode(problem.valid.x), rtol=0, atol=0)
    assert ("chains" in again.state_dict()) == persistent


@pytest.mark.parametrize("persistent", [False, True], ids=["CD-1", "PCD"])
def test_it_learns(pretrain, logged, persistent):
    pretrain(epochs=20, persistent=persistent)
    loss, likelihood = logged("loss"), logged("pseudo_likelihood")
    assert len(loss) == len(likelihood) == 20
    assert loss[-1] < 0.75 * loss[0]
    # Two patterns with a tenth of the components flipped: whoever knows which one it is needs 16 · 0.325 nats.
    assert -6.5 < np.mean(likelihood[-5:]) < -4


@pytest.mark.parametrize(
    ("visible", "value_range"), [("binary", (0.0, 1.0)), ("gaussian", (-1.0, 1.0))], ids=["binary", "gaussian"]
)
def test_it_reports_the_gap_of_the_free_energy(pretrain, logged, visible, value_range):
    layer, problem = pretrain(value_range=value_range, visible=visible)
    n = len(problem.valid.x)
    valid, train = (
        energy(x.double().numpy(), *numpy_of(layer), visible).mean() for x in (problem.valid.x, problem.train.x[:n])
    )
    assert len(logged("free_energy_gap")) == 3
    assert logged("free_energy_gap")[-1] == pytest.approx(valid - train, abs=1e-4)
    assert abs(valid - train) > 1e-3  # so that the comparison says something


def test_it_reports_the_pseudo_likelihood(pretrain, logged):
    layer, problem = pretrain()
    x, parameters = problem.valid.x.double().numpy(), numpy_of(layer)
    i = torch.randint(16, (len(x),), generator=generator(1, "pseudo-likelihood", 1, 2, 0)).numpy()
    flipped = x.copy()
    flipped[np.arange(len(x)), i] = 1 - flipped[np.arange(len(x)), i]
    here, there = (np.exp(-energy(v, *parameters, "binary")) for v in (x, flipped))
    assert logged("pseudo_likelihood")[-1] == pytest.approx(16 * np.log(here / (here + there)).mean(), rel=1e-5)


def test_gaussian_units_have_no_pseudo_likelihood_to_report(pretrain, logged):
    pretrain(value_range=(-1.0, 1.0), visible="gaussian", learning_rate=0.002)
    assert logged("loss")
    assert not logged("pseudo_likelihood")


@pytest.mark.filterwarnings("ignore:You defined a `validation_step`")
def test_reporting_does_not_move_the_training(pretrain):
    """The same machine without validation examples."""
    reported, problem = pretrain(persistent=True)
    silent = RBM(16, 8, learning_rate=0.02, persistent=True)
    loader = shuffled(problem.train.x, batch_size=20, seed=1, purpose=("layer", 1))
    Trainer(max_epochs=3, accelerator="cpu", logger=False, enable_checkpointing=False, enable_progress_bar=False).fit(
        silent, loader
    )
    torch.testing.assert_close(silent.state_dict(), reported.state_dict(), rtol=0, atol=0)


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others(pretrain):
    one, again, other = (
        pretrain(folder=str(number), seed=seed, persistent=True)[0] for number, seed in enumerate((1, 1, 2))
    )
    torch.testing.assert_close(one.state_dict(), again.state_dict(), rtol=0, atol=0)
    assert not torch.equal(one.encoder.weight, other.encoder.weight)
    assert not torch.equal(one.chains, other.chains)


def test_the_settings_are_used(pretrain):
    plain, _ = pretrain(folder="plain")
    for number, how in enumerate(SETTINGS):
        assert not torch.equal(pretrain(folder=str(number), **how)[0].encoder.weight, plain.encoder.weight)
    assert pretrain(folder="decay", weight_decay=0.5)[0].encoder.weight.norm() < 0.8 * plain.encoder.weight.norm()


@pytest.mark.parametrize("batch_size", [1, 3])
def test_sampled_inputs_are_zeros_and_ones_with_the_values_as_probabilities(batch_size):
    """Each step is the one on the drawn examples, and a component's frequency over the presentations is its value."""
    x = X.repeat(200, 1)
    sampled = RBM(10, 4, sampled_inputs=True, batch_size=batch_size)
    plain = RBM(10, 4, batch_size=batch_size)
    for layer in (sampled, plain):
        layer.noise = generator(1, "test")
        layer.count = lambda loss, n: None
    sampled.training_step(x, 0)
    drawn = (torch.rand(x.shape, generator=plain.noise) < x).float()
    plain.training_step(drawn, 0)
    torch.testing.assert_close(sampled.state_dict(), plain.state_dict(), rtol=0, atol=0)
    np.testing.assert_allclose(drawn.reshape(200, 6, 10).mean(0), X, atol=0.15)


@pytest.mark.parametrize("value", [-0.1, 1.1])
def test_what_is_no_probability_is_not_sampled(value):
    layer, x = RBM(10, 4, sampled_inputs=True), X.clone()
    layer.noise, x[2, 3] = generator(1, "test"), value
    with pytest.raises(SdaeError, match=r"^layer 1: inputs lie outside \[0, 1\]; scale them"):
        layer.training_step(x, 0)


def test_gaussian_units_have_no_probabilities_to_sample_from():
    with pytest.raises(SdaeError, match=r"^sampled_inputs: only binary visible units"):
        RBM(10, 4, visible="gaussian", sampled_inputs=True)


@pytest.mark.parametrize("rate", [0.1, 0.5, 10.0])
@pytest.mark.parametrize("scale", [1.0, 3.0])
def test_a_gaussian_machine_that_diverges_says_so_and_stops(pretrain, scale, rate):
    with pytest.raises(Diverged) as stopped:
        pretrain(epochs=30, value_range=(-scale, scale), visible="gaussian", learning_rate=rate, batch_size=20)
    line = str(stopped.value)
    assert "\n" not in line
    assert "layer 1: the reconstruction error became" in line
    assert f"lower pretraining.learning_rate (now {rate:g})" in line


@pytest.mark.parametrize("rate", [0.0005, 0.005])
def test_a_gaussian_machine_at_a_fair_rate_goes_on(pretrain, logged, rate):
    pretrain(epochs=30, value_range=(-1.0, 1.0), visible="gaussian", learning_rate=rate, batch_size=20)
    assert logged("loss")[-1] < logged("loss")[0]


@pytest.mark.parametrize("load", [load_iris, load_wine])
@pytest.mark.parametrize("rate", [1e-3, 1e-4])
def test_many_units_on_few_components_start_high_and_learn(tmp_path, load, rate):
    """A thousand units reconstruct four components with 300 times ‖v‖² at their start: it stopped at any rate."""
    x = load().data
    x = torch.tensor(((x - x.mean(0)) / x.std(0)).astype(np.float32))
    layer = RBM(x.shape[1], 1000, visible="gaussian", learning_rate=rate)
    folder = RunFolder(tmp_path / "run")
    folder.create()
    stages = Stages(folder, OneDeviceTrainer("cpu", progress=False), Tracker(folder.metrics, None))
    stages.pretrain_layer(layer, x, x, 15, 1)
    loss = [value for name, _, value in read_metrics(folder.metrics) if name.endswith("/loss")]
    assert loss[-1] < loss[0] / 2
    assert layer.state_dict()["start"] > 10 * x.square().sum(1).mean()


def test_many_units_that_diverge_are_advised_to_be_fewer(tmp_path):
    x = torch.randn(100, 4, generator=torch.Generator().manual_seed(1))
    folder = RunFolder(tmp_path / "run")
    folder.create()
    stages = Stages(folder, OneDeviceTrainer("cpu", progress=False), Tracker(folder.metrics, None))
    with pytest.raises(Diverged, match=r"\(now 0.1\), for instance to 0.001, or model.n_units \(1000 units on"):
        stages.pretrain_layer(RBM(4, 1000, visible="gaussian", learning_rate=0.1), x, x, 15, 1)


# -- through the command line -----------------------------------------------------------------------------------------


@pytest.fixture
def standardised(tmp_path):
    """Data of one's own that no probability could be."""
    random = np.random.default_rng(0)
    t = np.arange(300) % 3
    np.savez(tmp_path / "mine.npz", x=random.standard_normal((300, 12)) + t[:, None], t=t)
    (tmp_path / "mine.yaml").write_text("class_path: sdae.data.LocalArrays\ninit_args: {path: mine.npz}\n")
    return ("--data", "mine.yaml", "--method", "dbn-2", "--model.n_units", "6", "--tracking.wandb", "off")


def test_a_machine_that_diverges_ends_the_command_with_status_2(refused, standardised, tmp_path):
    line = refused("fit", *standardised, "--run", "run", "--pretraining.learning_rate", "5")
    assert "layer 1: the reconstruction error became" in line
    assert "lower pretraining.learning_rate (now 5)" in line
    assert not (tmp_path / "run" / "layer1.ckpt").exists()
    assert not (tmp_path / "run" / "result.json").exists()


def test_binary_units_are_refused_data_outside_their_range_before_there_is_a_folder(refused, standardised, tmp_path):
    line = refused("fit", *standardised, "--run", "run", "--pretraining.visible", "binary")
    assert "pretraining.visible: binary units need values in [0, 1]" in line
    assert "use gaussian, or auto" in line
    assert not (tmp_path / "run").exists()


def test_standardised_data_get_gaussian_units_in_the_first_layer_alone(door, standardised, tmp_path):
    few = ("--pretraining.epochs", "2", "--pretraining.learning_rate", "0.001", "--fine_tuning.max_epochs", "2")
    answer = door("fit", *standardised, *few, "--run", "run")
    assert answer.returncode == 0, answer.stderr
    kinds = [RBM.load_from_checkpoint(tmp_path / "run" / f"layer{k}.ckpt", weights_only=True).visible for k in (1, 2)]
    assert kinds == ["gaussian", "binary"]
    assert json.loads((tmp_path / "run" / "result.json").read_text())["method"] == "DBN-2"


def test_a_kind_of_units_that_is_unknown_is_refused_with_those_there_are():
    with pytest.raises(SdaeError, match="^visible: binary or gaussian, not 'linear'$"):
        RBM(4, 3, visible="linear")  # type: ignore[arg-type]
