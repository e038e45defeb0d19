"""What docs/own-data.md says is run as it stands there."""

import csv
import json
import re
import shlex
from pathlib import Path

import numpy as np
import pytest

DOCS = Path(__file__).parents[1] / "docs"
BLOCK = re.compile(r"^```(python|yaml|sh)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = "sdae "


def sections(page):
    """Return the blocks of each section of a page, by its heading."""
    parts = re.split(r"^## (.+)$", (DOCS / page).read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {head: BLOCK.findall(body) for head, body in zip(parts[1::2], parts[2::2], strict=True)}


OWN_DATA = sections("own-data.md")


@pytest.fixture
def follow(door, tmp_path):
    """Do what a section's blocks say, in order."""

    def run(section):
        for kind, text in OWN_DATA[section]:
            if kind == "python":
                exec(compile(text, section, "exec"), {})
            elif kind == "yaml":
                (tmp_path / text.partition("\n")[0].removeprefix("# ")).write_text(text)
            else:
                for line in text.splitlines():
                    assert line.startswith(COMMAND)
                    answer = door(*shlex.split(line.removeprefix(COMMAND)))
                    assert answer.returncode == 0, answer.stderr

    return run


def table(path):
    return list(csv.DictReader(path.open(encoding="utf-8")))


def test_every_block_is_in_a_section_that_is_tested():
    assert [head for head, blocks in OWN_DATA.items() if blocks] == [
        "Arrays",
        "Tables",
        "Pictures",
        "Audio",
        "When data move or change",
    ]


def test_arrays_and_data_that_move(follow, tmp_path):
    follow("Arrays")
    assert len(table(tmp_path / "wine.csv")) == 18
    rows = table(tmp_path / "train.csv")
    assert np.mean([row["class"] == row["label"] for row in rows]) > 0.9
    follow("When data move or change")


def test_tables(follow, tmp_path):
    pytest.importorskip("pandas", reason="tables need pandas: pip install -e '.[tables]'")
    follow("Tables")
    rows = table(tmp_path / "iris-new.csv")
    expected = ["setosa"] * 5 + ["versicolor"] * 5 + ["virginica"] * 5
    assert np.mean([row["class"] == label for row, label in zip(rows, expected, strict=True)]) > 0.6


def test_pictures(follow, tmp_path):
    follow("Pictures")
    rows = table(tmp_path / "unknown.csv")
    assert rows[0]["example"] == "400.png"
    assert rows[0]["class"] == table(tmp_path / "one.csv")[0]["class"]
    assert {row["class"] for row in rows} <= {"digit-0", "digit-1", "digit-2"}


def test_audio(follow, tmp_path):
    soundfile = pytest.importorskip("soundfile")
    pytest.importorskip("librosa")
    random = np.random.default_rng(0)
    from sdae.data.gtzan.audio import GENRES, RATE

    seconds = np.arange(6 * RATE) / RATE
    for number, genre in enumerate(GENRES):
        (tmp_path / "gtzan" / genre).mkdir(parents=True)
        for song in range(2):
            wave = np.sin(2 * np.pi * 110 * (number + 1) * seconds) + 0.1 * random.normal(size=len(seconds))
            soundfile.write(tmp_path / "gtzan" / genre / f"{song}.wav", 0.4 * wave, RATE)
    (tmp_path / "new-songs").mkdir()
    for song in ("a", "b"):
        soundfile.write(tmp_path / "new-songs" / f"{song}.wav", 0.4 * wave, RATE)
    follow("Audio")
    rows = table(tmp_path / "clips.csv")
    assert [row["example"] for row in rows] == ["a.wav:0", "a.wav:1", "b.wav:0", "b.wav:1"]
    assert set(rows[0]) == {"example", "class", *(f"p({genre})" for genre in GENRES)}
    kept = json.loads((tmp_path / "runs" / "genres" / "preprocessing.json").read_text())
    assert len(kept["scaling"]["offset"]) == 592
