"""Candidates measured in parallel, each saved at once, so that an interrupted search resumes."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple, Self

import psutil

from sdae.errors import SdaeError
from sdae.evaluation.svm.features import Features, Part
from sdae.evaluation.svm.kernel import KernelMatrix
from sdae.evaluation.svm.machine import KERNEL_ROWS, CandidateResult, made_by, measure_candidate, memory
from sdae.evaluation.svm.search import Candidate
from sdae.evaluation.svm.workers import Workers, cores


class Task(NamedTuple):
    """A candidate to measure: the rows that it is trained and evaluated on."""

    candidate: Candidate
    trained_on: Part = "train"
    asked: Part = "valid"


class Candidates:
    """Everything measured so far, one line of JSON each, in a file that only grows.

    A line names its representation, by the hash of everything that determines it, and the package that measured it; it
    is never used for another.

    Args:
        path: The file; need not exist yet.
        workers: Number of candidates measured in parallel, in one thread each; fewer if memory is short.

    Raises:
        SdaeError: If ``workers`` is not positive.
    """

    def __init__(self, path: Path, workers: int | None = None) -> None:
        """Read existing measurements. A line cut short by a kill is ignored."""
        if workers is not None and workers < 1:
            raise SdaeError(f"workers {workers}: at least one")
        self.path, self.workers = path, workers or cores()
        self._known: dict[str, CandidateResult] = {}
        self._working: Workers | None = None
        if not path.exists():
            return
        text = path.read_text(encoding="utf-8", errors="replace")
        if text and not text.endswith("\n"):
            self._append("\n")
        for line in text.splitlines():
            try:
                entry = json.loads(line)
                self._known[_name(**entry["of"])] = CandidateResult(**entry["measured"])
            except (ValueError, KeyError, TypeError):
                continue

    def measure(
        self, features: Features, tasks: Sequence[Task], done: Callable[[Task, CandidateResult], None]
    ) -> dict[Task, CandidateResult]:
        """Return the result of each task, measuring those that were not measured before.

        Args:
            features: The representation.
            tasks: The tasks.
            done: Called for each, in the order of completion.
        """
        known = {task: found for task in tasks if (found := self._known.get(_name(**_identity(features, task))))}
        for task, measured in known.items():
            done(task, measured)
        for task, measured in self._run(features, [task for task in tasks if task not in known]):
            identity = _identity(features, task)
            self._append(json.dumps({"of": identity, "measured": asdict(measured)}) + "\n")
            self._known[_name(**identity)] = known[task] = measured
            done(task, measured)
        return known

    def _run(self, features: Features, tasks: Sequence[Task]) -> Iterable[tuple[Task, CandidateResult]]:
        if not tasks:
            return []
        parts: tuple[Part, ...] = ("train and valid", "train", "sample")
        n = next(n for n in (features.rows(part).stop for part in parts) if n <= KERNEL_ROWS)
        features.multiply(n)
        if self._working is None:
            fit_in_memory = psutil.virtual_memory().available // memory(n)
            self._working = Workers(max(1, min(self.workers, fit_in_memory)), KernelMatrix)
        return self._working.map(_measured, [(features, task) for task in tasks])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *left_by: Any) -> None:
        if self._working is not None:
            self._working.close()

    def _append(self, text: str) -> None:
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            raise SdaeError(f"{self.path}: cannot be written ({error.strerror})") from None


def _measured(matrix: KernelMatrix, features: Features, task: Task) -> tuple[Task, CandidateResult]:
    return task, measure_candidate(features, *task, matrix)


def _identity(features: Features, task: Task) -> dict[str, Any]:
    candidate, trained_on, asked = task
    by = made_by(features.rows(trained_on).stop)
    return {"key": features.key, "by": by, **candidate._asdict(), "trained_on": trained_on, "asked": asked}


def _name(**of: Any) -> str:
    return json.dumps(of, sort_keys=True)
