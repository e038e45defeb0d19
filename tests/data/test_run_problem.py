"""Data that were moved are looked for in their new place."""

from pathlib import Path

import pytest

from sdae.data.preprocessing import Preprocessing
from sdae.data.run_problem import WITHOUT_DATA, RunProblem, files_in, moved
from sdae.errors import MissingData, SdaeError


@pytest.fixture
def places(tmp_path):
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
    return tmp_path / "old", tmp_path / "new"


def test_files_are_found_by_their_names_in_a_folder_or_beside_the_main_one(places):
    old, new = places
    data = {"class_path": "C", "init_args": {"path": str(old / "a.npz"), "test": str(old / "b.npz"), "seed": 1}}
    for name in ("a.npz", "b.npz", "c.npz"):
        (new / name).touch()
    expected = {"path": str(new / "a.npz"), "test": str(new / "b.npz"), "seed": 1}
    for place in (new, new / "a.npz", str(new)):
        assert moved(data, place) == {"class_path": "C", "init_args": expected}
    assert moved(data, new / "c.npz")["init_args"]["path"] == str(new / "c.npz")
    (old / "b.npz").touch()
    (new / "b.npz").unlink()
    assert moved(data, new)["init_args"]["test"] == str(old / "b.npz")


def test_pairs_of_files_and_folders(places):
    old, new = places
    for name in ("x.npy", "t.npy"):
        (new / name).touch()
    pair = {"init_args": {"path": [str(old / "x.npy"), str(old / "t.npy")]}}
    assert moved(pair, new)["init_args"]["path"] == [str(new / "x.npy"), str(new / "t.npy")]
    pets = {"init_args": {"path": old / "pets", "valid": None}}
    assert moved(pets, new)["init_args"] == {"path": new, "valid": None}
    (new / "pets").mkdir()
    assert moved(pets, new)["init_args"]["path"] == new / "pets"


def test_what_cannot_be_moved(places):
    with pytest.raises(SdaeError, match="the run's data are not files of yours"):
        moved({"init_args": {"train_size": 3}}, places[1])
    with pytest.raises(SdaeError, match="nowhere: no such file or folder"):
        moved({"init_args": {"path": "a.npz"}}, places[1] / "nowhere")


def test_the_users_files_are_those_that_a_problem_names():
    named = {"path": ["x.npy", "t.npy"], "test": Path("b.npz"), "valid": None, "scale": "auto"}
    assert files_in(named) == [Path("x.npy"), Path("t.npy"), Path("b.npz")]
    assert files_in({"train_size": 5}) == []


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MissingData("a.npz: no such file"), "a.npz: no such file; if the data have moved, name the new place"),
        (MissingData(f"{WITHOUT_DATA}: no such file"), "mine: was saved without its data; name a file with x and t"),
        (SdaeError("data.folder: no such key"), "data.folder: no such key$"),
    ],
)
def test_only_of_missing_data_the_place_is_asked(error, said):
    def build():
        raise error

    problem = RunProblem(Preprocessing("mine", "local", 3, 2, ("0", "1"), (0.0, 1.0)), build)
    with pytest.raises(SdaeError, match=f"^{said}"):
        problem.load()
