"""Makes measurements of what commands leave: ``result.json``, ``svm.json``, and the record of a study."""

import shlex
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sdae.paper.published import published_model
from sdae.report.measurement import Measurement
from sdae.report.studies import Record

Content = dict[str, Any]


def of_run(result: Content, folder: Path) -> Measurement:
    """Make a measurement of a run's ``result.json``.

    Args:
        result: What it holds, with a test error.
        folder: The run's.

    Raises:
        KeyError: If it is no result of a run.
    """
    how = result["hyperparameters"]["pretraining"] or {}
    emphasised = tuple(how.get("emphasis", (1.0, 1.0))) != (1.0, 1.0)
    folds = result.get("folds")
    return Measurement(
        problem=result["problem"],
        model=published_model(result["method"], result["problem"], how.get("corruption", "masking"), emphasised),
        test_error=result["test_error"],
        interval=result["test_interval"],
        valid_error=result["valid_error"],
        provenance=result["provenance"],
        source="run",
        settings=settings(result["hyperparameters"]),
        trials=1,
        seconds=result["seconds"],
        folder=str(folder),
        command=again(folder),
        seed=result["seed"],
        versions=result["versions"],
        folds=len(folds) if folds else None,
        examples=result["examples"],
        note=result["note"],
    )


def settings(hyperparameters: Content) -> Content:
    """Return a run's hyperparameters by the names of Table 2."""
    how, fine_tuning = hyperparameters["pretraining"], hyperparameters["fine_tuning"]
    named = {"nHLay": hyperparameters["n_layers"], "nHUnit": hyperparameters["n_units"]}
    if how:
        named |= {"nEpoq": how["epochs"], "lRate": how["learning_rate"]}
        if "noise_level" in how and how["noise_level"]:
            named["σ" if how["corruption"] == "gaussian" else "ν"] = how["noise_level"]
        if tuple(how.get("emphasis", (1.0, 1.0))) != (1.0, 1.0):
            named["(α, β)"] = tuple(how["emphasis"])
    return named | {"lRateSup": fine_tuning["learning_rate"]}


def again(folder: Path) -> str:
    """Return the command that repeats a run from its kept configuration."""
    return f"python src/cli.py fit --config {shlex.quote(str(folder / 'config.yaml'))}"


def of_study(records: Sequence[Record], folder: Path) -> Measurement | None:
    """Make a measurement of a study, or of those of all folds together: their mean and standard deviation.

    Args:
        records: One, or one a fold.
        folder: The sweep's.

    Returns:
        None where one is not over, or no trial of it was completed.
    """
    runs = []
    for one in records:
        result = one["result"] or {}
        if not result.get("run"):
            return None
        runs.append(of_run(result["run"], folder / result["chosen"]["folder"]))
    first, record = runs[0], records[0]
    spread = len(runs) > 1
    errors = [run.test_error for run in runs]
    return Measurement(
        problem=first.problem,
        model=record["method"],
        test_error=statistics.fmean(errors),
        interval=statistics.stdev(errors) if spread else first.interval,
        valid_error=statistics.fmean(run.valid_error or 0.0 for run in runs),
        provenance=first.provenance,
        source="study",
        settings={
            name: value
            for name, value in first.settings.items()
            if all(run.settings.get(name) == value for run in runs)
        },
        trials=sum(sum(one["result"]["trials"].values()) for one in records),
        seconds=sum(one["result"]["seconds"] for one in records),
        folder=first.folder,
        command=first.command,
        seed=first.seed,
        versions=first.versions,
        folds=len(runs) if spread else None,
        examples=first.examples,
        note=first.note,
        searched=tuple(record["searched"]),
    )


def of_svm(content: Content, folder: Path, stack: Measurement | None) -> list[Measurement]:
    """Make measurements of the answers in an ``svm.json``; those of noisy copies have their ν among the settings.

    Args:
        content: What it holds.
        folder: Where it lies.
        stack: The network whose representations were asked for, None for the raw input.

    Raises:
        KeyError: If it is no answer of ``svm``.
    """
    found = []
    for answer in content["answers"]:
        layer, noise = answer["layer"], answer["noise"]
        place = f" on layer {layer}" if layer else ""
        how = {"C": answer["C"], "γ": answer["gamma"]} if answer["kernel"] == "rbf" else {"C": answer["C"]}
        if noise:
            how |= {"copies": noise["copies"], "σ" if noise["corruption"] == "gaussian" else "ν": noise["level"]}
        found.append(
            Measurement(
                problem=content["problem"],
                model=f"SVM-{answer['kernel']}{place}",
                test_error=answer["test_error"],
                interval=answer["test_interval"],
                valid_error=answer["valid_error"],
                provenance=content["provenance"],
                source="svm",
                settings=how,
                trials=answer["candidates"],
                seconds=answer["seconds"],
                folder=str(folder),
                command=_asked_again(content["problem"], answer, folder, stack),
                seed=content["seed"],
                versions=content["versions"],
                weights=answer["weights"],
                folds=content.get("folds"),
                examples=content["examples"],
                note=content["note"],
                searched=tuple(how),
                stack=stack if layer else None,
            )
        )
    return found


def _asked_again(problem: str, answer: Content, folder: Path, stack: Measurement | None) -> str:
    noise = answer["noise"]
    copies = (
        f" --noisy_copies {noise['copies']} --noise_level {noise['level']:g} --corruption {noise['corruption']}"
        if noise
        else ""
    )
    if not answer["layer"] or stack is None:
        return f"python src/cli.py svm --data {problem} --kernels {answer['kernel']}{copies}"
    weights = {"best": " --fine_tuned true", "random": " --random_weights true"}.get(answer["weights"], "")
    where = f"--layers {answer['layer']} --kernels {answer['kernel']}{weights}"
    return f"{again(folder)} --run runs/again && python src/cli.py svm --run runs/again {where}"
