"""The search for SVMs on one layer of `basic`, beside stock scikit-learn's SVC on the same candidates.

    python benchmarks/svm.py                                          # 10,000 × 1,000; nearly all the time is SVC's
    python benchmarks/svm.py --examples 2000 --units 300 --every 1    # small, and every candidate

First the whole search for a linear and an RBF machine runs as `svm` runs it, on all cores; what it takes includes the
representation and its inner products. Then every few of its candidates are trained and asked of the validation set once
more, in turn by what each of the search's processes does and by ``sklearn.svm.SVC``, in one thread each, so that a
machine that slows down slows both. SVC's time for the whole search is its mean on those candidates times their number.
The representation is a layer's at its random start, or that of a run's first layer.
"""

import argparse
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import sklearn
from sklearn.svm import SVC
from threadpoolctl import threadpool_limits

from sdae.config.runs import load
from sdae.data import Basic
from sdae.evaluation.svm.candidates import Candidates, Task
from sdae.evaluation.svm.features import Features, computed
from sdae.evaluation.svm.kernel import KernelMatrix
from sdae.evaluation.svm.layers import representations, splits_of
from sdae.evaluation.svm.machine import measure_candidate
from sdae.evaluation.svm.search import Candidate, Grid, Kernel, search
from sdae.formatting import duration, percent, table
from sdae.models.classifier import Classifier

TARGET = 5
KERNELS: tuple[Kernel, ...] = ("linear", "rbf")


def whole_search(features: Features, folder: Path, workers: int | None) -> list[Candidate]:
    """Search for both machines, and return every candidate that was measured, in order."""
    measured: list[Candidate] = []

    def done(task: Task, _: object) -> None:
        measured.append(task.candidate)

    with Candidates(folder / "svm.jsonl", workers) as candidates:
        for kernel in KERNELS:

            def wrong(cells: Sequence[Candidate]) -> dict[Candidate, int]:
                found = candidates.measure(features, [Task(cell) for cell in cells], done)
                return {task.candidate: one.wrong for task, one in found.items()}

            search(kernel, Grid(), features.unit, wrong)
    return sorted(measured, key=lambda cell: (cell.kernel, cell.gamma or 0.0, cell.C))


def stock(features: Features, candidate: Candidate) -> tuple[float, float]:
    """Train and ask stock SVC; return its seconds and its validation error."""
    train, valid = features.rows("train"), features.rows("valid")
    gamma = {} if candidate.gamma is None else {"gamma": candidate.gamma}
    start = time.perf_counter()
    machine = SVC(kernel=candidate.kernel, C=candidate.C, **gamma).fit(features.x[train], features.t[train])
    error = float((machine.predict(features.x[valid]) != features.t[valid]).mean())
    return time.perf_counter() - start, error


def compare(features: Features, candidates: Sequence[Candidate]) -> tuple[list[list[str]], list[float], list[float]]:
    """Measure candidates in turn both ways; return rows to show, our seconds and SVC's."""
    rows, ours, theirs, matrix = [], [], [], KernelMatrix()
    with threadpool_limits(1):
        for candidate in candidates:
            found = measure_candidate(features, candidate, "train", "valid", matrix)
            seconds, error = stock(features, candidate)
            ours.append(found.seconds)
            theirs.append(seconds)
            rows.append(
                [
                    candidate.kernel,
                    f"{candidate.C:.3g}",
                    "–" if candidate.gamma is None else f"{candidate.gamma:.3g}",
                    percent(found.error),
                    percent(error),
                    f"{found.seconds:.2f} s",
                    f"{seconds:.2f} s",
                    f"{seconds / found.seconds:.1f}",
                ]
            )
            print(" | ".join(rows[-1]), flush=True)
    return rows, ours, theirs


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, help="data folder")
    parser.add_argument("--run", type=Path, help="a run on basic, for its first layer before fine-tuning")
    parser.add_argument("--examples", type=int, default=10_000, help="training examples")
    parser.add_argument("--units", type=int, default=1000, help="of a layer at its random start")
    parser.add_argument("--every", type=int, default=6, help="compare every so many of the search's candidates")
    parser.add_argument("--workers", type=int, help="processes of the search; one for every core if none is given")
    args = parser.parse_args()
    problem = Basic(root=args.root, source="generated", train_size=args.examples)
    problem.load()
    classifier = load(args.run).classifier() if args.run else Classifier(784, 10, n_layers=1, n_units=args.units)
    splits = splits_of(problem)
    ((encode, key),) = representations(splits, classifier, [1]).values()
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        with computed(Path(folder) / "features", splits, encode, key, "layer 1") as features:
            candidates = whole_search(features, Path(folder), args.workers)
            whole = time.perf_counter() - start
            print(f"{len(candidates)} candidates in {duration(whole)}; in turn with SVC:\n", flush=True)
            rows, ours, theirs = compare(features, candidates[args.every // 2 :: args.every])
    n, width = features.ends[0], classifier.hidden[0].out_features
    machine = platform.processor() or platform.machine()
    print(
        f"\n{machine}, {os.cpu_count()} cores, scikit-learn {sklearn.__version__}, {n:,} examples × {width:,} units\n"
    )
    head = ["kernel", "C", "γ", "our validation error", "SVC's", "ours", "SVC", "times as fast"]
    print(table(head, rows))
    ratio = statistics.median(b / a for a, b in zip(ours, theirs, strict=True))
    print(
        f"\na candidate, one thread: {sum(theirs) / sum(ours):.1f} times as fast in all, {ratio:.1f} in the median"
        f"\nthe whole search: {duration(whole)} for {len(candidates)} candidates; SVC would take "
        f"{duration(statistics.mean(theirs) * len(candidates))}, as {len(theirs)} of them tell: "
        f"{statistics.mean(theirs) * len(candidates) / whole:.1f} times as fast (target: ≥ {TARGET})"
    )


if __name__ == "__main__":
    main()
