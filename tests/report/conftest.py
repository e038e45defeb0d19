"""A report made by hand, with something in every place."""

from datetime import date
from pathlib import Path

import pytest
from made import measured
from PIL import Image

from sdae.report.assembly import assemble
from sdae.report.content import Report
from sdae.report.gather import Found


@pytest.fixture
def example_report(tmp_path: Path) -> Report:
    """Two problems measured, curves with and without the paper's numbers, a picture, and a hostile folder's name."""
    stack = measured(folder="runs/<script>alert(1)</script>")
    svms = [
        measured(
            model="SVM-rbf" + (f" on layer {k}" if k else ""),
            source="svm",
            weights="pretrained" if k else "input",
            settings={"C": 10.0, "γ": 0.03},
            test_error=0.03 - k / 200,
            stack=stack if k else None,
            folder=f"runs/svm-{k}",
        )
        for k in range(4)
    ]
    noise = [
        measured(problem="rot", settings={"nHUnit": 1000, "ν": level}, test_error=0.1 - level / 10, interval=0.0026)
        for level in (0.1, 0.25)
    ]
    sae = measured(
        problem="rot",
        model="SAE-3",
        settings={"nHUnit": 1000},
        test_error=0.103,
        interval=0.0031,
        provenance="generated",
    )
    picture = tmp_path / "figure8.png"
    Image.new("L", (60, 30), 128).save(picture)
    return assemble(
        Found(
            measurements=[stack, *svms, *noise, sae],
            pictures={8: [picture]},
            findings={"table3/rot/SDAE-3": "other data"},
            left_aside=["runs/small: rect, SAE-1: trained on 200 examples"],
        ),
        [Path("runs")],
        date(2026, 11, 25),
    )
