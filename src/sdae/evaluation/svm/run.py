"""The content of ``svm.json``: the answers of one run, or of a problem without one, and of several folds together."""

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

from sdae.data.examples import SPLITS
from sdae.data.problem import Problem
from sdae.errors import SdaeError
from sdae.evaluation.svm.candidates import Candidates
from sdae.evaluation.svm.features import computed
from sdae.evaluation.svm.layers import Answer, NoisyCopies, Question, ask, representations, splits_of
from sdae.evaluation.svm.machine import INTELEX, accelerated, made_by
from sdae.evaluation.svm.search import Kernel
from sdae.evaluation.trained import Weights
from sdae.files import read_json, write_json
from sdae.functional.over_folds import over_folds
from sdae.models.classifier import Classifier
from sdae.runs.folder import RunFolder
from sdae.runs.result import published_cell
from sdae.runs.versions import versions, versions_of_all

IDENTITY = ("weights", "layer", "kernel", "noise", "trained_on")  # identifies an answer; a newer one replaces it


@dataclass(frozen=True)
class SvmInput:
    """A stack, or a problem alone, on whose representations SVMs are trained.

    Attributes:
        folder: Folder of ``svm.json`` and of all measurements.
        problem: The problem, one fold of it where it has several.
        seed: Seed of the run, and of the noise of copies.
        method: The run's method; None without a run.
        weights: Which weights the classifier has.
        classifier: The stack; None without a run.
    """

    folder: RunFolder
    problem: Problem
    seed: int
    method: str | None = None
    weights: Weights = "pretrained"
    classifier: Classifier | None = None


def answer(target: SvmInput, question: Question, candidates: Candidates) -> dict[str, Any]:
    """Run the search for every layer and kernel, write each answer to ``svm.json``, and return its content.

    An existing answer to the same question about the same numbers is not computed again.

    Args:
        target: The stack or problem.
        question: Layers, kernels and grid.
        candidates: Measures candidates, and stores their results.

    Raises:
        SdaeError: If the data are not available, there is no such layer, or a representation is not finite.
    """
    problem, folder, noise = target.problem, target.folder, question.noise
    begun_with = _versions()  # now: the checkout may change during the search
    problem.load()
    if (n_classes := len(problem.labelled.t.unique())) < 2:
        raise SdaeError(f"{problem.name}: its training examples have only {n_classes} class; an SVM needs two")
    splits = splits_of(problem, noise, target.seed)
    content = _begun(target)
    for layer, (encode, key) in representations(splits, target.classifier, question.layers).items():
        identity = {
            "weights": target.weights if layer else "input",
            "layer": layer,
            "noise": asdict(noise) if noise else None,
        }
        n = len(splits["train"][1])
        missing = [
            kernel
            for kernel in question.kernels
            if not _answered(content["answers"], {**identity, "kernel": kernel}, question, key, n)
        ]
        if not missing:
            continue
        where = f"fold {problem.fold}, " if problem.fold is not None else ""
        with computed(folder.features, splits, encode, key, f"{folder.path}: layer {layer}") as features:
            for kernel in missing:
                found = ask(features, kernel, question, candidates, f"{where}layer {layer}, {kernel}")
                new = {
                    **identity,
                    "kernel": kernel,
                    **found,
                    "published": published_answer(target, layer, kernel, noise),
                    "versions": begun_with,
                }
                others = [other for other in content["answers"] if not _same(other, new)]
                content["answers"] = sorted([*others, new], key=_place)
                write_json(folder.svm, content)
    return content


def answer_all(folder: RunFolder, folds: Sequence[SvmInput], question: Question, workers: int | None) -> dict[str, Any]:
    """Run the searches for one stack, or for those of all folds, and return the content of the whole ``svm.json``.

    Args:
        folder: The folder of the whole, locked by the caller.
        folds: One stack, in that folder, or each fold's, in a folder of its own.
        question: As for :func:`answer`.
        workers: Number of SVMs trained in parallel.
    """
    contents = []
    for target in folds:
        with ExitStack() as stack:
            if len(folds) > 1:
                stack.enter_context(target.folder.locked())
            candidates = stack.enter_context(Candidates(target.folder.svm_candidates, workers))
            contents.append(answer(target, question, candidates))
    if len(contents) == 1:
        return contents[0]
    whole = summarise_answers(contents)
    write_json(folder.svm, whole)
    return whole


def _begun(target: SvmInput) -> dict[str, Any]:
    """Return the head of ``svm.json``, and its existing answers."""
    problem, folder = target.problem, target.folder
    head = {
        "problem": problem.name,
        "method": target.method,
        "provenance": problem.provenance,
        "note": problem.note,
        "fold": problem.fold,
        "seed": target.seed,
        "examples": _numbers(problem),
        "labels": len(problem.labelled.t),
    }
    if not folder.svm.exists():
        return {**head, "answers": []}
    kept = read_json(folder.svm, "; delete it to recompute", {"answers": [dict]})
    for key in ("problem", "provenance", "fold", "seed", "examples", "labels"):
        if kept["answers"] and key in kept and kept[key] != head[key]:
            raise SdaeError(f"{folder.svm}: is of {key} {kept[key]}, not {head[key]}; name another folder")
    return {**head, "answers": kept["answers"]}


def _numbers(problem: Problem) -> dict[str, int]:
    return {split: len(examples.t) for split, examples in problem.splits.items()}


def _versions() -> dict[str, str | None]:
    """Return the versions of an answer: those of the same file may come from different commits and machines."""
    intelex = version(INTELEX) if accelerated() else None
    return {**versions(), "scikit-learn": version("scikit-learn"), INTELEX: intelex}


def _answered(answers: Iterable[Answer], identity: Answer, question: Question, key: str, n: int) -> bool:
    grid = {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(question.grid).items()}
    wanted = {**identity, "key": key, "grid": grid, "made_by": made_by(n)}
    return any(
        all(answer.get(name) == value for name, value in wanted.items())
        and (answer.get("with_valid") is not None) == question.refit
        for answer in answers
    )


def _same(answer: Answer, other: Answer) -> bool:
    return all(answer.get(name) == other[name] for name in IDENTITY)


def _place(answer: Answer) -> tuple:
    order = ("input", "pretrained", "random", "best")
    noise = answer["noise"]
    return (
        order.index(answer["weights"]) if answer["layer"] else 0,
        answer["layer"],
        answer["kernel"],
        (noise["corruption"], noise["copies"], noise["level"]) if noise else ("", 0, 0.0),
        answer["trained_on"],
    )


def published_answer(target: SvmInput, layer: int, kernel: Kernel, noise: NoisyCopies | None) -> dict[str, Any] | None:
    """Return the paper's cell for an answer, or None if it has none, as for a training set of another size.

    Table 5 is of SDAEs before fine-tuning; its column of the input is of no method. Without a run the cell is Table 3's
    where that has one.
    """
    of_table5 = target.weights == "pretrained" and (target.method or "").startswith("SDAE")
    if noise is not None or (layer > 0 and not of_table5):
        return None
    models = [f"SVM-{kernel} on layer {layer}"]
    if target.method is None:
        models.insert(0, f"SVM-{kernel}")
    problem = target.problem
    examples, labels = _numbers(problem), len(problem.labelled.t)
    cells = (published_cell(problem.provenance, problem.name, model, examples, labels) for model in models)
    return next(filter(None, cells), None)


def summarise_answers(contents: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Aggregate the answers of the folds of a cross-validation.

    Errors, and the numbers of examples and of labels, are means over folds; ``test_interval`` is the standard deviation
    of the errors, as in the paper's tables; C and γ are lists, one value per fold.
    """
    answers = []
    for first in contents[0]["answers"]:
        each = [other for content in contents for other in content["answers"] if _same(other, first)]
        if len(each) < len(contents):
            continue  # of some folds only
        answers.append(
            {
                **{name: first[name] for name in (*IDENTITY, "grid", "made_by", "published")},
                "versions": versions_of_all([fold["versions"] for fold in each]),
                "C": [fold["C"] for fold in each],
                "gamma": [fold["gamma"] for fold in each],
                "valid_error": over_folds([fold["valid_error"] for fold in each]).mean,
                **_test_error(each),
                **{name: _mean_machine([fold[name] for fold in each]) for name in ("without_valid", "with_valid")},
                "candidates": sum(fold["candidates"] for fold in each),
                "seconds": sum(fold["seconds"] for fold in each),
            }
        )
    n = len(contents)
    return {
        **contents[0],
        "examples": {split: over_folds([content["examples"][split] for content in contents]).mean for split in SPLITS},
        "labels": over_folds([content["labels"] for content in contents]).mean,
        "fold": None,
        "interval": f"standard deviation over {n} folds",
        "folds": n,
        "answers": answers,
    }


def _mean_machine(machines: Sequence[Answer | None]) -> Answer | None:
    present = [machine for machine in machines if machine is not None]
    if len(present) < len(machines):
        return None
    return {
        **_test_error(present),
        "support_vectors": over_folds([machine["support_vectors"] for machine in present]).mean,
    }


def _test_error(each: Sequence[Answer]) -> Answer:
    mean, deviation = over_folds([fold["test_error"] for fold in each])
    return {"test_error": mean, "test_interval": deviation}
