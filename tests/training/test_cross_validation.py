"""One command for all folds."""

import statistics
from typing import ClassVar

import numpy as np
import pytest
import torch

from sdae.data.cache import Arrays
from sdae.data.problem import Problem
from sdae.data.registry import Sizes
from sdae.files import read_json
from sdae.models.classifier import Classifier
from sdae.results.measure import measure_all
from sdae.results.reading import of_run
from sdae.results.scan import scan
from sdae.runs.folder import RunFolder
from sdae.settings.fine_tuning import FineTuning
from sdae.settings.pretraining import Pretraining
from sdae.tracking.options import Tracking
from sdae.training import cross_validation
from sdae.training.experiment import Experiment
from sdae.training.trainer import OneDeviceTrainer

N, FOLDS = 61, 3  # the folds differ by an example
RANDOM = np.random.default_rng(0)
T = RANDOM.integers(0, 3, N).astype(np.uint8)
X = np.clip(np.eye(3)[T] * 0.8 + RANDOM.random((N, 3)) * 0.2, 0, 1).astype(np.float32)


class Thirds(Problem):
    name = "thirds"
    sizes = Sizes(21, 20, 20)
    n_features, n_classes, image_shape = 3, 3, None
    folds: ClassVar[int] = FOLDS
    note = "thirds: of no meaning"

    def prepare_data(self) -> None:
        self.provenance = "local"
        test, valid, train = (np.arange(N) % FOLDS == (k + (self.fold or 0)) % FOLDS for k in range(FOLDS))
        self._arrays = Arrays(X[train], T[train], X[valid], T[valid], X[test], T[test])


@pytest.fixture
def run(tmp_path):
    def run(folder=tmp_path / "run"):
        run_folder = RunFolder(folder)
        run_folder.create()
        run_folder.write_config("seed_everything: 1\n")
        spec = Experiment(
            problem=Thirds(tmp_path),
            classifier=Classifier(3, 3, n_layers=1, n_units=5, learning_rate=0.1),
            pretraining=Pretraining(epochs=2),
            fine_tuning=FineTuning(learning_rate=0.1, max_epochs=4),
            trainer=OneDeviceTrainer("cpu", progress=False),
            tracking=Tracking("off"),
            config={"data": {"class_path": "Thirds", "init_args": {}}, "tracking": {}},
        )
        return cross_validation.cross_validate(spec, run_folder)

    return run


def test_the_result_is_the_mean_and_the_standard_deviation_over_folds(run, tmp_path):
    result = run()
    errors = [fold["test_error"] for fold in result["folds"]]
    assert len(errors) == FOLDS
    assert result["test_error"] == pytest.approx(sum(errors) / FOLDS)
    assert result["test_interval"] == pytest.approx(statistics.stdev(errors))
    assert result["note"] == Thirds.note
    assert read_json(tmp_path / "run" / "result.json") == result


def test_the_result_is_read_as_a_measurement_on_all_labels(run, tmp_path):
    result = run()
    assert result["examples"]["train"] == result["labels"] == pytest.approx(N / FOLDS)
    [measured] = measure_all(scan([tmp_path])).measurements
    assert (measured.test_error, measured.folds, measured.labels) == (result["test_error"], FOLDS, None)
    few = [{**read_json(tmp_path / "run" / f"fold{k:02d}" / "result.json"), "labels": 5 + k} for k in range(FOLDS)]
    assert of_run(cross_validation.summarise_folds(few), tmp_path).labels == 6


def test_the_result_has_the_commit_of_every_fold(run, tmp_path):
    run()
    folds = [read_json(tmp_path / "run" / f"fold{k:02d}" / "result.json") for k in range(FOLDS)]
    commits = [{**fold, "versions": {**fold["versions"], "commit": f"abc{k}"}} for k, fold in enumerate(folds)]
    assert cross_validation.summarise_folds(commits)["versions"]["commit"] == "abc0, abc1, abc2"


def test_every_example_is_tested_once_and_every_fold_starts_from_the_same_weights(run, tmp_path):
    run()
    tested = [Thirds(tmp_path).only(fold) for fold in range(FOLDS)]
    for problem in tested:
        problem.prepare_data()
        problem.setup()
    together = torch.cat([problem.test.x for problem in tested])
    assert sorted(map(tuple, together.tolist())) == sorted(map(tuple, torch.from_numpy(X).tolist()))
    weights = [torch.load(tmp_path / "run" / f"fold{k:02d}" / "layer1.ckpt")["state_dict"] for k in range(FOLDS)]
    assert not torch.equal(weights[0]["encoder.weight"], weights[1]["encoder.weight"])  # trained on other examples
    alone = Classifier(3, 3, n_layers=1, n_units=5).hidden[0].weight
    assert (weights[1]["encoder.weight"] - alone).abs().max() < 0.5


def test_a_finished_fold_is_left_as_it_is_and_an_unfinished_one_gone_on_with(run, tmp_path):
    whole = run()
    first, second = tmp_path / "run" / "fold00" / "result.json", tmp_path / "run" / "fold01" / "result.json"
    (tmp_path / "run" / "result.json").unlink()
    written = first.stat().st_mtime_ns
    second.unlink()
    again = run()
    assert first.stat().st_mtime_ns == written
    assert second.exists()
    assert [fold["test_error"] for fold in again["folds"]] == [fold["test_error"] for fold in whole["folds"]]
