"""Measurements, results and folders made by hand, for the tests of the report."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from PIL import Image

from sdae.report.assembly import assemble
from sdae.report.content import Report
from sdae.report.gather import Found
from sdae.results.measurement import Measurement
from sdae.results.study import few_labels

MEASURED = Measurement(
    problem="rect",
    model="SDAE-3",
    test_error=0.02,
    interval=0.00123,
    valid_error=0.015,
    provenance="original",
    source="study",
    settings={"nHLay": 3, "nHUnit": 1000, "ν": 0.1},
    trials=8,
    seconds=100.0,
    folder="runs/a",
    command="python src/cli.py fit --config runs/a/config.yaml",
    seed=1,
    versions={"torch": "2.13.0", "commit": "abc"},
    examples={"train": 1000, "valid": 200, "test": 50000},
    corruption="masking",
)


def measured(**changes: Any) -> Measurement:
    """Return a measurement with some of its values otherwise."""
    return replace(MEASURED, **changes)


RESULT: dict[str, Any] = {
    "problem": "rect",
    "method": "SDAE-3",
    "provenance": "original",
    "note": None,
    "fold": None,
    "seed": 1,
    "valid_error": 0.005,
    "test_error": 0.0221,
    "test_interval": 0.001289,
    "published": None,
    "epochs": {"pretraining": 100, "fine_tuning": 40, "best": 20},
    "seconds": 36.0,
    "hyperparameters": {
        "n_layers": 3,
        "n_units": 1000,
        "pretraining": {
            "epochs": 100,
            "learning_rate": 0.0025,
            "corruption": "masking",
            "noise_level": 0.1,
            "emphasis": [1.0, 1.0],
        },
        "fine_tuning": {"learning_rate": 0.02},
    },
    "examples": {"train": 1000, "valid": 200, "test": 50000},
    "versions": {"torch": "2.13.0", "commit": "abc"},
}


def write_run(folder: Path, **changes: Any) -> Path:
    """Write the small files of a finished run."""
    folder.mkdir(parents=True)
    (folder / "config.yaml").write_text("seed_everything: 1\n")
    (folder / "result.json").write_text(json.dumps({**RESULT, **changes}))
    (folder / "best.ckpt").write_bytes(b"weights")
    return folder


def answer(layer: int, weights: str, error: float, kernel: str = "rbf", **changes: Any) -> dict[str, Any]:
    """Return one answer of an ``svm.json``."""
    return {
        "weights": weights,
        "layer": layer,
        "noise": None,
        "kernel": kernel,
        "C": 10.0,
        "gamma": 0.03 if kernel == "rbf" else None,
        "valid_error": error,
        "test_error": error,
        "test_interval": 0.001,
        "trained_on": "train and valid",
        "grid": {"C": [0.01, 0.1, 1.0, 10.0, 100.0, 1000.0], "gamma": [0.01, 0.1, 1.0, 10.0], "fine": True},
        "candidates": 30,
        "seconds": 20.0,
        "versions": RESULT["versions"],
        **changes,
    }


def write_svm(folder: Path, answers: list[dict[str, Any]], **changes: Any) -> None:
    """Write an ``svm.json`` into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    head = {key: RESULT[key] for key in ("problem", "provenance", "note", "fold", "seed", "examples")}
    (folder / "svm.json").write_text(json.dumps({**head, **changes, "answers": answers}))


def write_sweep(
    folder: Path, run: dict[str, Any] | None = RESULT, method: str = "SDAE-3", n: int = 4, **changes: Any
) -> None:
    """Write the ``studies.json`` of a sweep with one study, some of its values otherwise, and its chosen run."""
    name = f"{folder.name}/rect/{method}"
    chosen = f"rect/{method.lower()}/trial-0001"
    record = {
        "name": name,
        "row": name,
        "sweep": folder.name,
        "problem": "rect",
        "method": method,
        "fold": None,
        "point": {},
        "axes": {},
        "searched": ["ν"],
        "train_size": None,
        "labels": run and few_labels(run),
        "budget": n,
        "trials": [],
        "result": {
            "trials": {"complete": n - 1 if run else 0, "pruned": 1 if run else n, "failed": 0},
            "seconds": 120.0,
            "chosen": {"folder": chosen, "params": {"ν": 0.1}} if run else None,
            "run": run,
        },
        **changes,
    }
    if run is not None:
        write_run(folder / chosen, **run)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "studies.json").write_text(json.dumps([record]))


def write_folds(folder: Path, numbers: Iterable[int], over: int = 10) -> None:
    """Add a study of tzanetakis in some folds to the ``studies.json`` of a sweep, and write their chosen runs.

    Args:
        folder: The sweep's, which has one study.
        numbers: The folds.
        over: From this fold on, none is over.
    """
    [record] = json.loads((folder / "studies.json").read_text())
    row = f"{folder.name}/tzanetakis/SDAE-3"
    made = []
    for k in numbers:
        chosen = f"tzanetakis/sdae-3/fold{k:02d}/trial-0000"
        run = {**RESULT, "problem": "tzanetakis", "fold": k, "provenance": "stand-in"}
        run["examples"] = {"train": 8000, "valid": 1000, "test": 1000}
        if k < over:
            write_run(folder / chosen, **run)
        result = {**record["result"], "chosen": {"folder": chosen, "params": {}}, "run": run}
        fold = {"name": f"{row}/fold{k:02d}", "row": row, "problem": "tzanetakis", "fold": k}
        made.append({**record, **fold, "result": result if k < over else None})
    (folder / "studies.json").write_text(json.dumps([record, *made]))


def write_draws(
    folder: Path,
    errors: dict[str, dict[int, list[float]]],
    records: list[dict[str, Any]] | None = None,
) -> None:
    """Write the ``studies.json`` of a sweep over few labels of rect, one study a draw, and the runs.

    Args:
        folder: The sweep's.
        errors: By method and number of labels, a test error for each draw.
        records: Of other studies in it.
    """
    kept = list(records or [])
    for method, by_labels in errors.items():
        for labels, of_draws in by_labels.items():
            for draw, error in enumerate(of_draws, start=1):
                point = {"labels": labels, "draw": draw}
                name = f"{folder.name}/rect/{method}/labels={labels}/draw={draw}"
                chosen = f"rect/{method.lower()}/labels-{labels}/draw-{draw}/trial-0000"
                run = {**RESULT, "method": method, "test_error": error, "valid_error": error / 2, "labels": labels}
                write_run(folder / chosen, **run)
                kept.append(
                    {
                        **{"name": name, "row": name, "sweep": folder.name, "problem": "rect", "method": method},
                        **{"fold": None, "point": point, "searched": [], "trials": []},
                        "axes": {axis: [value] for axis, value in point.items()},
                        **{"train_size": None, "labels": few_labels(run), "budget": 1},
                        "result": {
                            "trials": {"complete": 1, "pruned": 0, "failed": 0},
                            "seconds": 60.0,
                            "chosen": {"folder": chosen, "params": point},
                            "run": run,
                        },
                    }
                )
    (folder / "studies.json").write_text(json.dumps(kept))


FEW_LABELS = {
    "SDAE-3": {100: [0.08, 0.10, 0.12], 300: [0.05, 0.06, 0.07]},
    "MLP-3": {100: [0.20, 0.24, 0.22], 300: [0.11, 0.12, 0.13]},
}


def example(folder: Path) -> Report:
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
        measured(
            problem="rot",
            settings={"nHUnit": 1000, "ν": level},
            point={"ν": level},
            test_error=0.1 - level / 10,
            interval=0.0026,
        )
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
    picture = folder / "figure8.png"
    Image.new("L", (60, 30), 128).save(picture)
    return assemble(
        Found(
            measurements=[stack, *svms, *noise, *(replace(one, point={}) for one in noise), sae],
            pictures={8: [picture]},
            findings={"table3/rot/SDAE-3": "other data", "figure12": "a coarser grid", "figure10": "nothing"},
            left_aside=["runs/small: rect, SAE-1: trained on 200 examples"],
        ),
        [Path("runs")],
        date(2026, 11, 25),
    )
