"""The paper's problems: names, numbers of examples, inputs, classes and folds (Table 1). Imports nothing."""

from collections.abc import Mapping
from typing import NamedTuple


class Sizes(NamedTuple):
    """Numbers of examples, as in Table 1's last column."""

    train: int
    valid: int
    test: int


class Facts(NamedTuple):
    """Properties of a problem that are known without its data.

    Attributes:
        sizes: Numbers of examples; for a problem with folds, those of one fold.
        n_classes: Classes; 0 for examples without.
        n_features: Inputs.
        folds: Number of folds of its cross-validation; None where the splits are given.
    """

    sizes: Sizes
    n_classes: int = 10
    n_features: int = 784
    folds: int | None = None


_DIGITS = Facts(Sizes(10_000, 2_000, 50_000))
REGISTRY = {  # by short name, in Table 1's order; the data of section 5.1's filters come last
    "mnist": Facts(Sizes(50_000, 10_000, 10_000)),
    "basic": _DIGITS,
    "rot": _DIGITS,
    "bg-rand": _DIGITS,
    "bg-img": _DIGITS,
    "bg-img-rot": _DIGITS,
    "rect": Facts(Sizes(1_000, 200, 50_000), n_classes=2),  # Table 1 prints ten times as many, see data.Rect
    "rect-img": Facts(Sizes(10_000, 2_000, 50_000), n_classes=2),
    "convex": Facts(Sizes(6_000, 2_000, 50_000), n_classes=2),
    "tzanetakis": Facts(Sizes(8_000, 1_000, 1_000), n_features=592, folds=10),
    "natural-patches": Facts(Sizes(100_000, 10_000, 0), n_classes=0, n_features=144),
}
PROBLEMS = tuple(name for name, facts in REGISTRY.items() if facts.n_classes)  # those of Tables 1, 3 and 5


def usual_size(problem: str, examples: Mapping[str, float], train_size: int | None = None) -> bool:
    """Return whether there are as many training examples as a problem has; only then is there a number of the paper's.

    Args:
        problem: Short name. Of a problem that is not one of the paper's, every number is usual.
        examples: Number of training, validation and test examples. In a cross-validation, the usual number is that of a
            fold, by the numbers of validation and test examples.
        train_size: Number of training examples of a scaled-down version.
    """
    facts = REGISTRY.get(problem)
    if facts is None:
        return True
    n = examples.get("train", 0)
    if facts.folds is None or train_size is not None:
        return n == (train_size or facts.sizes.train)
    # Two folds are left out. Folds differ by an example, or by those of a song: in all by less than 2 %.
    left_out = sum(examples.get(split, 0) for split in ("valid", "test"))
    whole = left_out * (facts.folds - 2) / 2
    return abs(n - whole) <= 0.02 * whole + facts.folds
