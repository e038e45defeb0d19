"""Figures of filters and samples, with the numbers beside their pictures."""

import json

import pytest

from sdae.errors import SdaeError
from sdae.report.pictures import TITLES, lay_out_pictures


def test_a_figure_without_a_picture_says_how_to_make_it():
    pictures = lay_out_pictures({})
    assert [picture.name for picture in pictures] == [f"figure{number}" for number in TITLES]
    assert all(picture.file is None and picture.again.endswith(picture.name) for picture in pictures)


def test_numbers_and_runs_stand_beside_a_picture(tmp_path):
    runs = [
        {
            "run": "runs/a",
            "seed": 1,
            "method": "SDAE-1",
            "units": 500,
            "noise": "ν = 25 %",
            "gabor_fraction": 0.5,
            "median_r2": 0.7,
            "median_localisation": 0.4,
        }
    ]
    files = [tmp_path / "figure8.png", tmp_path / "figure8-units.png"]
    files[0].with_suffix(".json").write_text(json.dumps({"runs": runs, "versions": {"commit": "abc"}}))
    without, measured = [picture for picture in lay_out_pictures({8: files}) if picture.name == "figure8"]
    assert measured.numbers[1] == ("SDAE-1", "500", "ν = 25 %", "50 %", "0.70", "0.40")
    assert measured.meaning.startswith("R² says")
    assert measured.trace == "Runs, which the command trains again: runs/a, seed 1. Commit: abc."
    assert without.trace == "Its runs are not recorded; the command trains new ones."
    assert without.claims
    assert measured.claims == ()  # they stand with the first


FILTERS = {"run": "runs/a", "seed": 1, "method": "SDAE-1", "units": 500, "noise": "none", "gabor_fraction": 0.5}


@pytest.mark.parametrize("content", [[], {"runs": [{"seed": 1}]}, {"runs": 3}, {"runs": [FILTERS]}])
def test_numbers_of_another_shape_are_named(tmp_path, content):
    file = tmp_path / "figure8.png"
    file.with_suffix(".json").write_text(json.dumps(content))
    with pytest.raises(SdaeError, match=r"figure8.json: cannot be read \("):
        lay_out_pictures({8: [file]})


SAMPLES = {"run": "runs/a", "seed": 1, "method": "SDAE-3", "pretrained_with": "masking ν = 25 %"}
JUDGED = {"label_error": 0.04, "interval": 0.01, "distance": 4.5, "variability": 2.0}


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (
            {"runs": [{**SAMPLES, **JUDGED}], "real": {**JUDGED, "label_error": 0.03, "variability": None}},
            [
                ("SDAE-3", "masking ν = 25 %", "4.00 ± 1.00 %", "4.50", "2.00"),
                ("real test examples", "–", "3.00 ± 1.00 %", "4.50", "–"),
            ],
        ),
        ({"runs": [{**SAMPLES, **JUDGED}]}, [("SDAE-3", "masking ν = 25 %", "4.00 ± 1.00 %", "4.50", "2.00")]),
        ({"runs": [SAMPLES]}, []),  # drawn alone, not judged
    ],
)
def test_samples_are_read_beside_real_examples(tmp_path, content, rows):
    file = tmp_path / "figure15.png"
    file.with_suffix(".json").write_text(json.dumps(content))
    (picture,) = [picture for picture in lay_out_pictures({15: [file]}) if picture.file]
    assert list(picture.numbers[1:]) == rows
