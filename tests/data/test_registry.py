"""The problems and their sizes, in one place."""

import subprocess
import sys
from pathlib import Path

import pytest

from sdae import data
from sdae.data import Problem
from sdae.data.gtzan.audio import BANDS, GENRES, WINDOWS
from sdae.data.registry import PROBLEMS, REGISTRY, Facts, usual_size

CLASSES = {
    one.name: one
    for name in data.__all__
    if isinstance(one := getattr(data, name), type) and issubclass(one, Problem) and getattr(one, "name", None)
}


def test_every_problem_of_the_paper_is_a_class():
    assert CLASSES.keys() == REGISTRY.keys()
    assert set(REGISTRY) - set(PROBLEMS) == {"natural-patches"}


@pytest.mark.parametrize("name", REGISTRY)
def test_a_class_says_what_the_registry_does(name):
    of = CLASSES[name]
    assert Facts(of.sizes, of.n_classes, of.n_features, of.folds) == REGISTRY[name]
    if of.image_shape is not None:
        height, width = of.image_shape
        assert height * width == of.n_features


def test_the_features_of_music_are_as_many_as_the_papers():
    facts = REGISTRY["tzanetakis"]
    assert (facts.n_features, facts.n_classes) == (BANDS * WINDOWS, len(GENRES))


@pytest.mark.parametrize(
    ("problem", "n", "train_size", "usual"),
    [
        ("rect", 1000, None, True),
        ("rect", 200, None, False),
        ("rect", 200, 200, True),
        ("tzanetakis", 7991, None, True),
        ("tzanetakis", 7920, None, True),  # with the clips of a song in one fold
        ("tzanetakis", 7000, None, False),
        ("tzanetakis", 200, None, False),
        ("tzanetakis", 200, 200, True),
        ("tzanetakis", 7991, 200, False),
        ("my-own", 5, None, True),
    ],
)
def test_the_training_set_is_the_problems(problem, n, train_size, usual):
    assert usual_size(problem, {"train": n, "valid": 1000, "test": 999}, train_size) is usual


def test_it_needs_no_library():
    file = Path(data.__file__).parent / "registry.py"
    code = "import runpy, sys; runpy.run_path(sys.argv[1]); print({'torch', 'numpy', 'sdae'} & set(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", code, file], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "set()"


def test_sizes_and_names_are_there_without_torch():
    code = (
        "import sys, sdae.data, sdae.data.registry, sdae.paper.layout\n"
        "assert sdae.data.registry.PROBLEMS[0] == 'mnist'\n"
        "assert not {'torch', 'lightning', 'numpy'} & sys.modules.keys(), sys.modules.keys()\n"
        "assert 'Rect' in dir(sdae.data)\n"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
