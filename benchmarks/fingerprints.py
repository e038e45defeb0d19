"""How much a generated problem is like the original: an RBF SVM's test error beside the published one (Table 3).

    python benchmarks/fingerprints.py --problems bg-img rect-img --test_examples 10000

It is the search of ``svm --data``: as for the paper's column SVM-rbf, C and γ are chosen on the validation set and the
machine is trained again on training and validation set. Where a recipe is open, ``--variant all`` measures what else
was tried. It takes minutes a problem.
"""

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

from sdae.data import Basic, BgImg, BgImgRot, BgRand, Convex, Problem, Rect, RectImg, Rot
from sdae.evaluation.svm.candidates import Candidates
from sdae.evaluation.svm.features import computed
from sdae.evaluation.svm.layers import Question, ask, representations, splits_of
from sdae.formatting import table
from sdae.paper.published import published
from sdae.seeds import numpy_generator
from variants import VARIANTS

PROBLEMS: dict[str, type[Problem]] = {
    problem.name: problem for problem in (Basic, Rot, BgRand, BgImg, BgImgRot, Rect, RectImg, Convex)
}


def fingerprint(problem: Problem, test_examples: int | None, title: str) -> dict[str, Any]:
    """Return what ``svm`` finds on the raw input with the RBF kernel, tested on so many of the test examples."""
    problem.load()
    splits = dict(splits_of(problem))
    x, t = splits["test"]
    rows = numpy_generator(1, "fingerprints", problem.name).permutation(len(t))[:test_examples]
    splits["test"] = x[rows], t[rows]
    ((encode, key),) = representations(splits, None, [0]).values()
    with (
        tempfile.TemporaryDirectory() as folder,
        computed(Path(folder) / "features", splits, encode, key, problem.name) as features,
        Candidates(Path(folder) / "svm.jsonl") as candidates,
    ):
        return ask(features, "rbf", Question(), candidates, title)


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
            found = fingerprint(problem, args.test_examples, f"{name}, {variant}")
            test_error = found["test_error"]
            theirs = published(name, "SVM-rbf")
            assert theirs is not None
            near = abs(test_error - theirs.test_error) <= max(0.015, 0.15 * theirs.test_error)
            rows.append(
                [
                    name,
                    variant,
                    f"{found['C']:.3g}",
                    f"{found['gamma']:.3g}",
                    f"{100 * found['valid_error']:.2f}",
                    f"{100 * test_error:.2f} ± {100 * found['test_interval']:.2f}",
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
