"""A run folder is complete in itself: it does to new data what it did to its own, and notices when these change."""

import csv
import json
import shutil

import numpy as np
import pytest
import yaml
from PIL import Image
from sklearn.datasets import load_iris

from sdae import load
from sdae.formatting import percent
from sdae.functional.error_rate import interval

QUICK = ("--method", "sdae-1", "--model.n_units", "30", "--pretraining.epochs", "3", "--tracking.wandb", "off")
QUICK += ("--fine_tuning.max_epochs", "30", "--fine_tuning.learning_rate", "0.05")  # type: ignore[assignment]


@pytest.fixture
def fit(door, tmp_path):
    """Fit on arrays of one's own, into the folder ``mine``; return the answer."""

    def run(x, t, name="own.npz", more=(), **how):
        np.savez(tmp_path / name, x=x, t=t)
        data = {"class_path": "sdae.data.LocalArrays", "init_args": {"path": name, **how}}
        (tmp_path / "mine.yaml").write_text(yaml.safe_dump(data))
        answer = door("fit", "--data", "mine.yaml", *QUICK, "--run", "mine", *more)
        assert answer.returncode == 0, answer.stderr
        return answer

    return run


def iris(offset=1000.0):
    x, t = load_iris(return_X_y=True)
    return offset + 50 * x, t


def table_of(path):
    return list(csv.DictReader(path.open(encoding="utf-8")))


def test_new_data_are_standardised_as_the_runs_were(fit, door, tmp_path):
    """It had 0 % error on its own file, and 66.7 % on the same file as new data."""
    x, t = iris()
    fit(x, t, scale="standardise")
    (tmp_path / "own.npz").rename(tmp_path / "new.npz")  # the run's own data are not needed
    assert door("predict", "--run", "mine", "--input", "new.npz", "--output", "p.npy").returncode == 0
    error = (np.load(tmp_path / "p.npy").argmax(1) != t).mean()
    assert error < 0.15
    assert np.array_equal(load(tmp_path / "mine").predict_proba(x), np.load(tmp_path / "p.npy"))  # Python does the same


def test_the_same_examples_give_the_same_numbers_by_either_way(fit, door, tmp_path):
    x, t = iris()
    fit(x, t, scale="standardise")
    assert door("predict", "--run", "mine", "--split", "valid", "--output", "own.csv").returncode == 0
    answer = door("predict", "--run", "mine", "--input", "own.npz", "--output", "new.csv")
    own, new = table_of(tmp_path / "own.csv"), table_of(tmp_path / "new.csv")
    assert len(own) == 15
    for row in own:
        number = int(row["example"].removeprefix("own.npz:"))
        assert row["label"] == str(t[number])
        assert {**row, "example": None} == {**new[number], "example": None}
    error = np.mean([row["class"] != str(label) for row, label in zip(new, t, strict=True)])
    assert f"\nerror {percent(error, interval(error, 150))} on 150 examples with a known class\n" in answer.stdout


def test_values_out_of_range_are_refused(fit, refused, tmp_path):
    x, t = np.random.default_rng(0).random((60, 5)), np.arange(60) % 2
    fit(x, t)
    np.save(tmp_path / "x.npy", 255 * x)
    line = refused("predict", "--run", "mine", "--input", "x.npy", "--output", "p.npy")
    assert "x.npy: row 0, counted from 0, holds 1" in line
    assert "a value outside [0, 1]" in line
    assert not (tmp_path / "p.npy").exists()


def test_a_run_answers_without_its_data_and_finds_them_in_a_new_place(fit, door, refused, tmp_path):
    x, t = np.random.default_rng(0).random((60, 6)), np.arange(60) % 2
    fit(x, t, image_shape=[2, 3])
    error = door("test", "--run", "mine").stdout
    (tmp_path / "new").mkdir()
    (tmp_path / "own.npz").rename(tmp_path / "new" / "own.npz")
    assert door("filters", "--run", "mine").returncode == 0
    for command in (["test"], ["predict", "--output", "p.npy"], ["samples", "--judged", "0"], ["svm", "--layers", "0"]):
        assert "own.npz: no such file" in (line := refused(*command, "--run", "mine"))
        assert "if the data have moved, name the new place by the option path" in line
        for place in ("new", "new/own.npz"):
            answer = door(*command, "--run", "mine", "--path", place)
            assert answer.returncode == 0, answer.stderr
            assert command != ["test"] or answer.stdout == error
    (tmp_path / "mine" / "result.json").unlink()
    assert door("fit", "--run", "mine", "--path", "new").returncode == 0
    assert door("test", "--run", "mine").stdout == error  # the new place is kept


def test_changed_data_are_not_resumed_and_everything_else_says_it(fit, door, refused, tmp_path, caplog):
    x, t = np.random.default_rng(0).random((60, 6)), np.arange(60) % 2
    fit(x, t)
    (tmp_path / "mine" / "result.json").unlink()  # as a kill leaves it
    np.savez(tmp_path / "own.npz", x=np.concatenate([x, x[:20]]), t=np.concatenate([t, t[:20]]))
    line = refused("fit", "--run", "mine")
    assert "own: the data have changed since the run was started; mine cannot be resumed" in line
    assert door("test", "--run", "mine").returncode == 0
    assert caplog.text.count("own: the data are not those that the run was trained on") == 1
    np.savez(tmp_path / "own.npz", x=x[:, :5], t=t)
    assert "components, those that the run was trained on 6" in refused("fit", "--run", "mine")
    assert "components, those that the run was trained on 6" in refused("test", "--run", "mine")
    np.savez(tmp_path / "own.npz", x=2 * x, t=t)
    assert "have changed since the run was started" in refused("fit", "--run", "mine")
    np.savez(tmp_path / "own.npz", x=x, t=t)
    assert door("fit", "--run", "mine").returncode == 0
    caplog.clear()
    assert door("test", "--run", "mine").returncode == 0
    assert "not those" not in caplog.text


def test_a_run_that_is_begun_again_takes_the_data_as_they_are(fit, tmp_path):
    x, t = np.random.default_rng(0).random((60, 6)), np.arange(60) % 2
    fit(x, t)
    before = json.loads((tmp_path / "mine" / "preprocessing.json").read_text())
    fit(x / 2, t, more=("--overwrite",))
    after = json.loads((tmp_path / "mine" / "preprocessing.json").read_text())
    assert before["fingerprint"] != after["fingerprint"]


def test_own_data_named_as_the_papers_do_not_stand_beside_them(fit, door, tmp_path):
    x, t = np.random.default_rng(0).random((60, 6)), np.arange(60) % 2
    fit(x, t, name="rect.npz", more=("--method", "sdae-3"))
    result = json.loads((tmp_path / "mine" / "result.json").read_text())
    assert (result["problem"], result["published"]) == ("rect", None)
    assert door("svm", "--run", "mine", "--layers", "0", "--kernels", "rbf").returncode == 0
    assert json.loads((tmp_path / "mine" / "svm.json").read_text())["answers"][0]["published"] is None
    # Even with as many training examples as the paper's.
    result["examples"]["train"] = 1000
    (tmp_path / "mine" / "result.json").write_text(json.dumps(result))
    answer = door("report", "mine", "--output", "page")
    assert answer.returncode == 0, answer.stderr
    assert "0 of 164 cells" in answer.stdout
    assert ": local data" in (tmp_path / "page" / "index.html").read_text()


def test_new_pictures_are_classified_by_name(door, tmp_path):
    for label, name in enumerate(("cat", "dog")):
        (tmp_path / "pets" / name).mkdir(parents=True)
        for number in range(20):
            Image.new("L", (5, 4), 150 * label + number).save(tmp_path / "pets" / name / f"{number}.png")
    (tmp_path / "mine.yaml").write_text("class_path: sdae.data.ImageFolder\ninit_args: {path: pets}\n")
    assert door("fit", "--data", "mine.yaml", *QUICK, "--run", "mine").returncode == 0
    assert door("predict", "--run", "mine", "--split", "train", "--output", "train.csv").returncode == 0
    rows = table_of(tmp_path / "train.csv")
    assert len(rows) == 32
    assert all(row["example"].startswith(row["label"] + "/") and row["class"] == row["label"] for row in rows)
    shutil.move(tmp_path / "pets", tmp_path / "elsewhere")
    assert door("test", "--run", "mine", "--path", "elsewhere").returncode == 0
    for place, n in (("elsewhere", 40), ("elsewhere/dog/3.png", 1), ("new.npy", 2)):
        np.save(tmp_path / "new.npy", np.full((2, 4, 5), 160, dtype=np.uint8))
        answer = door("predict", "--run", "mine", "--input", place, "--output", "p.csv")
        assert answer.returncode == 0
        rows = table_of(tmp_path / "p.csv")
        assert len(rows) == n
        assert (f"on {n} examples with a known class" in answer.stdout) == (place == "elsewhere")
        assert rows[-1]["class"] == "dog"
    assert [row["class"] for row in rows] == ["dog", "dog"]


def test_tables_from_file_to_predictions(door, tmp_path, caplog):
    pytest.importorskip("pandas", reason="tables need pandas: pip install -e '.[tables]'")
    frame = load_iris(as_frame=True).frame
    frame["target"] = frame["target"].map(dict(enumerate(("setosa", "versicolor", "virginica"))))
    frame["soil"] = np.where(np.arange(150) % 2, "clay", "sand")
    frame.to_csv(tmp_path / "iris.csv", index=False)
    (tmp_path / "mine.yaml").write_text(
        "class_path: sdae.data.LocalTable\ninit_args: {path: iris.csv, target: target}\n"
    )
    answer = door("fit", "--data", "mine.yaml", *QUICK, "--run", "mine")
    assert answer.returncode == 0, answer.stderr
    assert "iris: 4 columns of numbers, categories: soil (2); 3 classes" in caplog.text
    (tmp_path / "iris.csv").unlink()
    frame.drop(columns="target").to_parquet(tmp_path / "new.parquet")
    assert door("predict", "--run", "mine", "--input", "new.parquet", "--output", "p.csv").returncode == 0
    rows = table_of(tmp_path / "p.csv")
    assert np.mean([row["class"] == label for row, label in zip(rows, frame["target"], strict=True)]) > 0.8
    assert set(rows[0]) == {"example", "class", "p(setosa)", "p(versicolor)", "p(virginica)"}
