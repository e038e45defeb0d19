"""``predict`` on a finished run, against plain torch on its checkpoints."""

import numpy as np
import pytest
import torch

from sdae.data import Rect
from sdae.models.classifier import Classifier


@pytest.fixture(scope="module")
def best(fitted):
    return Classifier.load_from_checkpoint(fitted.folder / "best.ckpt", weights_only=True)


@pytest.fixture(scope="module")
def rect(data_folder):
    problem = Rect(data_folder, "generated", train_size=200)
    problem.setup()
    return problem


@pytest.fixture
def written(door, fitted, tmp_path):
    """Run ``predict`` and read what it wrote."""

    def run(*args):
        answer = door("predict", "--run", fitted.folder, "--output", "out.npy", *args)
        assert answer.returncode == 0, answer.stderr
        values = np.load(tmp_path / "out.npy")
        files = "out.npy" if "--input" in args else "out.npy, out.rows.csv"
        shown, *error = answer.stdout.splitlines()
        assert (
            shown == f"{files}: {len(values)} examples, {values.shape[1]} {'units' if '--layer' in args else 'classes'}"
        )
        assert len(error) == ("mine.npz" in args and "--layer" not in args)
        assert values.dtype == np.float32
        return torch.from_numpy(values)

    return run


@torch.no_grad()
def layer_by_layer(model, x, n_layers):
    for linear in model.hidden[:n_layers]:
        x = torch.sigmoid(x @ linear.weight.T + linear.bias)
    return x


@torch.no_grad()
def probabilities(model, x):
    y = layer_by_layer(model, x, model.n_layers)
    return torch.softmax(y @ model.output.weight.T + model.output.bias, dim=1)


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_layer_for_others_is_a_table_with_a_column_for_each_unit(ending, door, fitted, best, rect, tmp_path):
    pandas = pytest.importorskip("pandas", reason="pip install -e '.[dev]'")
    answer = door("predict", "--run", fitted.folder, "--output", f"y.{ending}", "--layer", 1, "--split", "valid")
    assert answer.returncode == 0, answer.stderr
    table = getattr(pandas, f"read_{ending}")(tmp_path / f"y.{ending}")
    assert list(table.columns) == ["example", "label", *(f"unit {k}" for k in range(1, 41))]
    units = table.iloc[:, 2:].to_numpy(dtype=np.float32)
    np.testing.assert_allclose(units, layer_by_layer(best, rect.splits["valid"].x, 1), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("split", ["train", "valid"])
def test_probabilities_are_those_of_the_best_weights(written, best, rect, split):
    p = written("--split", split)
    assert p.shape == (200, 2)
    torch.testing.assert_close(p.sum(1), torch.ones(200))
    torch.testing.assert_close(p, probabilities(best, rect.splits[split].x))


def test_the_test_set_is_predicted_where_nothing_is_said(written, rect, fitted):
    wrong = written().argmax(1) != rect.test.t
    assert wrong.double().mean().item() == pytest.approx(fitted.result["test_error"])


def test_input_and_split_are_one_at_a_time(refused, fitted):
    both = ("--input", "x.npy", "--split", "test", "--output", "p.npy")
    assert "--input, --split: one at a time" in refused("predict", "--run", fitted.folder, *both)


@pytest.mark.parametrize("layer", [1, 2])
def test_a_layer_gives_its_representation(written, best, rect, layer):
    y = written("--split", "valid", "--layer", layer)
    assert y.shape == (200, 40)
    torch.testing.assert_close(y, layer_by_layer(best, rect.valid.x, layer))


def test_examples_of_ones_own_are_predicted(written, best, tmp_path):
    x = np.random.default_rng(0).random((1203, 784))  # more than one block, double precision
    np.save(tmp_path / "mine.npy", x)
    np.savez(tmp_path / "mine.npz", x=x, t=np.zeros(1203))
    expected = probabilities(best, torch.from_numpy(x).float())
    torch.testing.assert_close(written("--input", "mine.npy"), expected)
    torch.testing.assert_close(written("--input", "mine.npz"), expected)
    assert len(written("--input", "mine.npz", "--layer", 1)) == 1203


def test_an_output_layer_that_is_not_trained_has_no_probabilities(door, refused, fitted, small, tmp_path):
    run = ("predict", "--run", fitted.folder, "--output", "p.npy")
    assert "weights pretrained: its output layer is not trained" in refused(*run, "--weights", "pretrained")
    alone = ("--run", "alone", "--fine_tuning.max_epochs", "0")
    assert door("fit", *small, *alone).returncode == 0
    assert "alone: ended with the pretrained layers; its output" in refused("predict", "--run", "alone", *run[3:])
    assert "its output layer is not trained" in refused("export", "--run", "alone", "--output", "m.onnx")
    assert not (tmp_path / "p.npy").exists()
    assert door("predict", "--run", "alone", "--layer", "1", *run[3:]).returncode == 0


def test_data_are_not_overwritten(refused, fitted, tmp_path):
    np.save(tmp_path / "mine.npy", np.zeros((3, 784)))
    before = (tmp_path / "mine.npy").read_bytes()
    said = refused("predict", "--run", fitted.folder, "--input", "mine.npy", "--output", tmp_path / "mine.npy")
    assert "mine.npy: holds the examples or the run's data; name another file" in said
    assert (tmp_path / "mine.npy").read_bytes() == before


def test_before_fine_tuning_the_layers_are_those_of_pretraining(written, rect, fitted):
    y = rect.valid.x
    for k in (1, 2):
        layer = torch.load(fitted.folder / f"layer{k}.ckpt", weights_only=True)["state_dict"]
        y = torch.sigmoid(y @ layer["encoder.weight"].T + layer["encoder.bias"])
    torch.testing.assert_close(written("--split", "valid", "--layer", 2, "--weights", "pretrained"), y)


def test_a_checkpoint_can_be_named_by_its_path(written, fitted):
    named = written("--split", "valid", "--weights", fitted.folder / "best.ckpt")
    torch.testing.assert_close(named, written("--split", "valid"))
