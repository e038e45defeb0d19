"""The run folder."""

import pytest
from filelock import FileLock

from sdae.errors import SdaeError
from sdae.files import read_json, write_json
from sdae.runs.folder import RunFolder, slug


@pytest.fixture
def folder(tmp_path):
    folder = RunFolder(tmp_path / "mine")
    folder.create()
    return folder


def test_runs_of_the_same_second_get_folders_of_their_own(tmp_path):
    paths = [RunFolder.new("rect-sdae-3", under=tmp_path / "runs").path for _ in range(20)]
    assert len(set(paths)) == 20
    assert all(path.is_dir() and path.name.startswith("rect-sdae-3-") for path in paths)


def test_a_new_run_where_no_folder_can_be_made_says_so(tmp_path):
    (tmp_path / "runs").write_text("a file")
    with pytest.raises(SdaeError, match="runs: cannot be written .* as run"):
        RunFolder.new("rect-sdae-3", under=tmp_path / "runs")


def test_a_run_is_started_by_its_configuration_and_finished_by_its_result(folder):
    assert not folder.started
    folder.write_config("seed_everything: 1\n")
    assert folder.started
    assert not folder.finished
    write_json(folder.result, {"test_error": 0.02})
    assert folder.finished


def test_a_folder_with_something_else_in_it_is_no_run(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(SdaeError, match="is not empty and is not a run folder"):
        RunFolder(tmp_path).create()


@pytest.mark.parametrize("present", [".lock", ".gitignore"])
def test_hidden_files_do_not_count(tmp_path, present):
    (tmp_path / present).touch()
    RunFolder(tmp_path).create()


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "mine").write_text("a file")
    with pytest.raises(SdaeError, match="mine: cannot be used as a run folder"):
        RunFolder(tmp_path / "mine").create()


def test_clearing_removes_the_run_and_nothing_else(folder):
    ours = ("result.json", "fine_tuned.json", "metrics.csv", "wandb_id", "commits.json", "layer7.ckpt", "best.ckpt")
    theirs = ("notes.txt", "predictions.npy", "config.yaml")
    for name in (*ours, "pretrained.ckpt", "fine_tuning.unfinished.ckpt", *theirs):
        (folder.path / name).write_text("x")
    folder.clear()
    assert {path.name for path in folder.path.iterdir()} == set(theirs)


def test_one_process_at_a_time(folder):
    with FileLock(folder.path / ".lock"), pytest.raises(SdaeError, match="mine: another process"), folder.locked():
        pytest.fail("two were let in")


def test_the_next_one_is_let_in_also_after_an_error(folder):
    with pytest.raises(RuntimeError, match="of another kind"), folder.locked():
        raise RuntimeError("of another kind")
    with folder.locked():
        pass


def test_a_name_is_one_folder_below_another():
    names = {"SAE-3(1)": "sae-3-1", "ν=0.1": "nu-0.1", "my own/data": "my-own-data", "数据": "数据", "..": "unnamed"}
    assert {name: slug(name) for name in names} == names


def test_who_holds_the_lock_removes_what_the_killed_had_half_written(folder):
    half = folder.path / ".best.ckpt.a1b2.part"
    half.write_text("half")
    with folder.locked():
        assert not half.exists()


def test_json_comes_back_as_it_was(folder):
    content = {"problem": "rect", "ν": 0.25, "published": None}
    write_json(folder.result, content)
    assert read_json(folder.result) == content


@pytest.mark.parametrize("text", [None, "", '{"valid_error": 0.'])
def test_damaged_json_is_named(folder, text):
    if text is not None:
        folder.fine_tuned.write_text(text)
    with pytest.raises(SdaeError, match="fine_tuned.json: cannot be read"):
        read_json(folder.fine_tuned)
