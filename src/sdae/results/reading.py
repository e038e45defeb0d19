"""Converts ``result.json``, ``svm.json`` and the record of a study to measurements."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sdae.files import NUMBER, Maybe, Misshapen, require
from sdae.functional.over_folds import over_folds
from sdae.paper.published import published_model
from sdae.results.measurement import Measurement
from sdae.results.repeating import repeating, repeating_svm
from sdae.results.study import FoundStudy, few_labels
from sdae.runs.versions import versions_of_all
from sdae.settings.per_layer import as_list
from sdae.settings.table2 import named, noise_name

Content = dict[str, Any]
PER_FOLD = (*NUMBER, list)  # of a cross-validation one value for each fold
REFIT = "train and valid"  # the data that the SVMs of the tables were trained on in the end

OF_BOTH: Content = {  # of result.json and svm.json
    **{"problem": str, "provenance": str, "note": Maybe(str), "fold": Maybe(int), "seed": int},
    **{"examples": {"train": NUMBER}, "labels": Maybe(NUMBER)},  # of a cross-validation means over folds
}
RUN: Content = {
    **OF_BOTH,
    **{"method": str, "test_error": Maybe(NUMBER), "test_interval": Maybe(NUMBER), "valid_error": Maybe(NUMBER)},
    "hyperparameters": {
        "n_layers": int,
        "n_units": (int, list),
        "pretraining": Maybe({"corruption": Maybe(str), "emphasis": Maybe([NUMBER])}),
        "fine_tuning": dict,
    },
    **{"seconds": NUMBER, "folds": Maybe(list), "versions": dict},
}
SVM: Content = {
    **OF_BOTH,
    "answers": [
        {
            **{"layer": int, "kernel": str, "C": PER_FOLD, "gamma": Maybe(PER_FOLD), "weights": str},
            "noise": Maybe({"copies": int, "level": NUMBER, "corruption": str}),
            **{"test_error": NUMBER, "test_interval": NUMBER, "valid_error": Maybe(NUMBER)},
            "grid": {"C": list, "gamma": list, "fine": bool},
            **{"trained_on": str, "candidates": int, "seconds": NUMBER, "versions": dict},
        }
    ],
}


def of_run(result: Content, folder: Path) -> Measurement:
    """Make a measurement of a run's ``result.json``.

    Args:
        result: Its content, with a test error.
        folder: The run folder.

    Raises:
        Misshapen: If it is not a result of a run.
        KeyError: If it has no name for one of its hyperparameters.
    """
    require(result, RUN)
    if result["test_error"] is not None and result["test_interval"] is None:
        raise Misshapen("test_interval is missing")
    pretraining = result["hyperparameters"]["pretraining"] or {}
    emphasised = tuple(pretraining.get("emphasis") or (1.0, 1.0)) != (1.0, 1.0)
    folds = result.get("folds")
    return Measurement(
        problem=result["problem"],
        model=published_model(
            result["method"], result["problem"], pretraining.get("corruption") or "masking", emphasised
        ),
        test_error=result["test_error"],
        interval=result["test_interval"],
        valid_error=result["valid_error"],
        provenance=result["provenance"],
        source="run",
        settings=named(result["hyperparameters"]),
        trials=1,
        seconds=result["seconds"],
        folder=str(folder),
        command=repeating(folder),
        seed=result["seed"],
        versions=result["versions"],
        folds=len(folds) if folds else None,
        examples=result["examples"],
        labels=few_labels(result),
        note=result["note"],
        corruption=_corruption(result["hyperparameters"]),
    )


def _corruption(hyperparameters: Content) -> str | None:
    """Return the kind of noise that a network was trained with, in pretraining or in fine-tuning; None for none."""
    sections = [hyperparameters[name] or {} for name in ("pretraining", "fine_tuning")]
    kinds = dict.fromkeys(section["corruption"] for section in sections if any(as_list(section.get("noise_level", 0))))
    return " and ".join(kinds) or None


def settings_in_common(runs: Sequence[Measurement]) -> dict[str, Any]:
    """Return the settings that all of several measurements have, with the same values."""
    return {
        name: value for name, value in runs[0].settings.items() if all(run.settings.get(name) == value for run in runs)
    }


def of_study(folds: Sequence[FoundStudy]) -> Measurement | None:
    """Make a measurement of a study, or of those of all folds together: their mean and standard deviation.

    Args:
        folds: One, or one per fold.

    Returns:
        None if one is not over, or has no test error.

    Raises:
        Misshapen: If a result is not that of a study.
        KeyError: If it has no name for one of its hyperparameters.
    """
    runs = []
    for study in folds:
        if study.run is None or study.chosen_folder is None:
            return None
        runs.append(of_run(study.run, study.chosen_folder))
    first, results = runs[0], [study.result or {} for study in folds]
    folder, below = first.folder, tuple[str, ...]()
    if (place := folder_of_folds(folds)) is not None:
        folder, below = str(place), tuple(str(Path(run.folder).relative_to(place)) for run in runs)
    test = over_folds([run.test_error for run in runs])
    several = len(runs) > 1
    if test.mean is None:
        return None
    return replace(
        first,
        model=folds[0].method,
        test_error=test.mean,
        interval=first.interval if test.deviation is None else test.deviation,
        valid_error=over_folds([run.valid_error for run in runs]).mean,
        source="study",
        folder=folder,
        runs=below,
        versions=versions_of_all([run.versions for run in runs]),
        command=repeating(folder, below),
        settings=settings_in_common(runs),
        trials=sum(sum(result["trials"].values()) for result in results),
        seconds=sum(result["seconds"] for result in results),
        folds=len(runs) if several else None,
        labels=first.labels if folds[0].labels is None else (folds[0].run or {})["labels"],
        axes=tuple(folds[0].axes),
        searched=tuple(folds[0].searched),
        sweep=folds[0].sweep,
        point=folds[0].point,
    )


def folder_of_folds(folds: Sequence[FoundStudy]) -> Path | None:
    """Return the folder that has the studies of all folds, ``PROBLEM/METHOD`` below the sweep's; None for one study."""
    chosen = folds[0].chosen_folder
    return chosen.parents[1] if len(folds) > 1 and chosen is not None else None


def of_svm(content: Content, folder: Path, stack: Measurement | None) -> list[Measurement]:
    """Make measurements of the answers in an ``svm.json``; those of noisy copies have their ν among the settings.

    An SVM that was not trained again on training and validation data together, as the paper's were, has none.

    Args:
        content: Its content.
        folder: Its folder.
        stack: The network whose representations were used, None for the raw input.

    Raises:
        Misshapen: If it is not an answer of ``svm``.
    """
    require(content, SVM)
    found = []
    for answer in content["answers"]:
        if answer["trained_on"] != REFIT:
            continue
        layer, noise = answer["layer"], answer["noise"]
        place = f" on layer {layer}" if layer else ""
        settings = {"C": _range(answer["C"])}
        if answer["kernel"] == "rbf":
            settings["γ"] = _range(answer["gamma"])
        if noise:
            settings |= {"copies": noise["copies"], noise_name(noise["corruption"]): noise["level"]}
        found.append(
            Measurement(
                problem=content["problem"],
                model=f"SVM-{answer['kernel']}{place}",
                test_error=answer["test_error"],
                interval=answer["test_interval"],
                valid_error=answer["valid_error"],
                provenance=content["provenance"],
                source="svm",
                settings=settings,
                trials=answer["candidates"],
                seconds=answer["seconds"],
                folder=str(folder),
                command=repeating_svm(content["problem"], content["seed"], answer, folder, stack),
                seed=content["seed"],
                versions=answer["versions"],
                weights=answer["weights"],
                folds=content.get("folds"),
                examples=content["examples"],
                labels=few_labels(content),
                note=content["note"],
                searched=tuple(settings),
                corruption=noise["corruption"] if noise else None,
                stack=stack if layer else None,
                point=stack.point if stack else {},
            )
        )
    return found


def _range(per_fold: Any) -> Any:
    """Return the value of all folds, or the lowest and the highest as a text; one value as it is."""
    if not isinstance(per_fold, list):
        return per_fold
    low, high = min(per_fold), max(per_fold)
    return low if low == high else f"{low:g} to {high:g}"
