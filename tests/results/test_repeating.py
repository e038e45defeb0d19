"""The commands that repeat results."""

from pathlib import Path

from made import RESULT, answer
from sdae.results.reading import of_run
from sdae.results.repeating import repeating, repeating_svm

GRID = {"C": [1.0, 30.0], "gamma": [0.5], "fine": False}


def test_a_run_is_repeated_from_its_configuration_and_folds_one_after_the_other():
    assert repeating("results/a run").endswith("fit --config 'results/a run/config.yaml'")
    assert repeating("kept", again="runs/again").endswith("fit --config kept/config.yaml --run runs/again")
    folds = repeating("kept", ["f0/t1", "f1/t0"], "runs/again")
    assert folds.startswith("for run in f0/t1 f1/t0; do ")
    assert folds.endswith("fit --config kept/$run/config.yaml --run runs/again/$run; done")


def test_an_svm_has_its_grid_and_the_seed_of_its_noise(tmp_path):
    noise = {"copies": 9, "level": 0.25, "corruption": "masking"}
    noisy, linear = (
        repeating_svm("rect", 4, each, tmp_path, None)
        for each in (answer(0, "input", 0.1, noise=noise, grid=GRID), answer(0, "input", 0.1, "linear", grid=GRID))
    )
    assert noisy.endswith("--corruption masking --seed 4 --C 1 30 --gamma 0.5 --fine false")
    assert linear.endswith("svm --data rect --kernels linear --C 1 30 --fine false")


def test_an_svm_on_a_layer_trains_the_network_again_first():
    folder = Path("kept")
    command = repeating_svm("rect", 1, answer(2, "best", 0.1), folder, of_run(RESULT, folder))
    fit, svm = command.split(" && ")
    assert fit == repeating(folder, again="runs/again")
    assert svm.endswith("svm --run runs/again --layers 2 --kernels rbf --fine_tuned true")
