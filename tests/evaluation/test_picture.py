"""A picture of runs, the numbers beside it, and no W&B run where tracking is off."""

import json
from types import SimpleNamespace

import pytest
from PIL import Image

from sdae.errors import SdaeError
from sdae.evaluation.picture import Picture, require_png


def test_picture_and_numbers_lie_side_by_side(tmp_path):
    first = SimpleNamespace(
        config={"tracking": {"wandb": "off"}},
        folder=SimpleNamespace(path=tmp_path),
        problem=SimpleNamespace(name="rect"),
        method="SDAE-1",
    )
    content = {"seed": 1, "runs": [{"run": "runs/a", "median_r2": 0.5}], "versions": {}}
    image = Image.new("L", (4, 4))
    picture = Picture("filters", image, "first layer", content, ("median_r2",))
    beside = picture.keep(first, tmp_path / "f.png", None)  # type: ignore[arg-type]
    assert beside == tmp_path / "f.json"
    assert json.loads(beside.read_text()) == content
    assert Image.open(tmp_path / "f.png").size == (4, 4)


def test_other_formats_are_refused(tmp_path):
    require_png(tmp_path / "a.PNG")
    with pytest.raises(SdaeError, match="the name of a .png file"):
        require_png(tmp_path / "a.svg")
