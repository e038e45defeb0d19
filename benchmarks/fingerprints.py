"""How much a generated problem is like the original: an RBF SVM's test error beside the published one (Table 3).

    python benchmarks/fingerprints.py --problems bg-img rect-img --test_examples 10000

As for the paper's column SVM-rbf, C and γ are chosen on the validation set and the machine is trained again on training
and validation set. Where a recipe is open, ``--variant all`` measures what else was tried. It takes minutes a problem
with scikit-learn-intelex (pip install scikit-learn-intelex), hours without.
"""

import argparse
import time
from pathlib import Path

import numpy as np

from sdae.data import Basic, BgImg, BgImgRot, BgRand, Convex, Problem, Rect, RectImg, Rot
from sdae.error_rate import interval
from sdae.published import published
from sdae.run.result import table
from sdae.seeds import numpy_generator
from variants import VARIANTS

try:
    from sklearnex.svm import SVC
except ImportError:
    from sklearn.svm import SVC

GAMMAS = (0.001, 0.003, 0.01, 0.03, 0.1)
COSTS = (1.0, 10.0, 100.0, 1000.0)
PROBLEMS: dict[str, type[Problem]] = {
    problem.name: problem for problem in (Basic, Rot, BgRand, BgImg, BgImgRot, Rect, RectImg, Convex)
}
Split = tuple[np.ndarray, np.ndarray]


def error(machine: SVC, split: Split) -> float:
    """Return the fraction of a split that is told wrong."""
    x, t = split
    return float((machine.predict(x) != t).mean())


def choose(train: Split, valid: Split) -> tuple[float, float, float]:
    """Return C, γ and the validation error where no neighbour on the grid is better, walking from its middle.

    Errors depend smoothly on both, so that a walk finds the valley with a third of the grid's fits.
    """
    errors: dict[tuple[int, int], float] = {}

    def at(place: tuple[int, int]) -> float:
        if place not in errors:
            errors[place] = error(SVC(C=COSTS[place[0]], gamma=GAMMAS[place[1]]).fit(*train), valid)
        return errors[place]

    best = (1, 2)
    while True:
        row, column = best
        steps = [best, (row, column - 1), (row, column + 1), (row - 1, column), (row + 1, column)]
        places = [(r, c) for r, c in steps if 0 <= r < len(COSTS) and 0 <= c < len(GAMMAS)]
        if (better := min(places, key=at)) == best:
            return COSTS[row], GAMMAS[column], at(best)
        best = better


def fingerprint(problem: Problem, test_examples: int | None) -> tuple[float, float, float, float, int]:
    """Return C, γ, the validation error, the test error, and the number of test examples it was measured on."""
    problem.prepare_data()
    problem.setup()
    train, valid, test = ((x.numpy(), t.numpy()) for x, t in problem.splits.values())
    cost, gamma, valid_error = choose(train, valid)
    both = tuple(np.concatenate(parts) for parts in zip(train, valid, strict=True))
    rows = numpy_generator(1, "fingerprints", problem.name).permutation(len(test[1]))[:test_examples]
    machine = SVC(C=cost, gamma=gamma).fit(*both)
    return cost, gamma, valid_error, error(machine, (test[0][rows], test[1][rows])), len(rows)


def main() -> None:
    """Print a row as soon as it is measured, and the table at the end."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--problems", nargs="+", choices=PROBLEMS, default=list(PROBLEMS), metavar="NAME")
    parser.add_argument("--variant", nargs="+", default=["default"], help="variants of the recipes, default, or all")
    parser.add_argument("--source", choices=("original", "generated"), default="generated")
    parser.add_argument("--test_examples", type=int, help="a random sample of the test set; all of it if none is given")
    parser.add_argument("--root", type=Path, help="data folder")
    parser.add_argument("--seed", type=int, default=1, help="seed of what is generated")
    args = parser.parse_args()
    rows = []
    for name in args.problems:
        known = {"default": PROBLEMS[name], **VARIANTS.get(name, {})}
        for variant in known if args.variant == ["all"] else args.variant:
            if variant not in known:
                continue
            start = time.perf_counter()
            problem = known[variant](root=args.root, source=args.source, seed=args.seed)
            cost, gamma, valid_error, test_error, n = fingerprint(problem, args.test_examples)
            theirs = published(name, "SVM-rbf")
            assert theirs is not None
            near = abs(test_error - theirs.test_error) <= max(0.015, 0.15 * theirs.test_error)
            rows.append(
                [
                    name,
                    variant,
                    f"{cost:g}",
                    f"{gamma:g}",
                    f"{100 * valid_error:.2f}",
                    f"{100 * test_error:.2f} ± {100 * interval(test_error, n):.2f}",
                    f"{100 * theirs.test_error:.2f} ± {100 * theirs.interval:.2f}",
                    f"{test_error / theirs.test_error:.2f}",
                    "yes" if near else "no",
                    f"{time.perf_counter() - start:.0f} s",
                ]
            )
            print(" | ".join(rows[-1]), flush=True)
    head = ["problem", "variant", "C", "γ", "valid %", "test %", "published %", "ratio", "near", "took"]
    examples = "all test examples" if args.test_examples is None else f"{args.test_examples:,} random test examples"
    print(f"\n{args.source}, seed {args.seed}, {examples}; near: within 1.5 points or 15 %\n\n{table(head, rows)}")


if __name__ == "__main__":
    main()
