"""Class probabilities or a layer's representation of examples, and the files with them."""

import csv
import logging
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from sdae.data.minibatches import BLOCK_ROWS
from sdae.errors import SdaeError
from sdae.evaluation.inputs import Inputs
from sdae.files import write_aside, write_binary
from sdae.models.classifier import Classifier

log = logging.getLogger(__name__)

REGISTER = 16  # float32 numbers in the widest vector registers, AVX-512's


def predict(classifier: Classifier, x: Tensor, layer: int | None = None) -> np.ndarray:
    """Return p(t|x) for examples (n, d): (n, m); or with a layer its representation: (n, d').

    Args:
        classifier: The network.
        x: Examples, on any device.
        layer: Hidden layer counted from 1, 0 for the input itself, or None for the probabilities.

    Raises:
        SdaeError: If there is no such layer.
    """

    def values(block: Tensor) -> Tensor:
        block = block.to(classifier.device)
        if layer is not None:
            return classifier.representation(block, layer)
        # In double precision: the product with few columns is rounded by an example's place in the block.
        output = classifier.output
        y = classifier.representation(block, classifier.n_layers).double()
        return F.linear(y, output.weight.double(), output.bias.double()).softmax(1).to(block.dtype)

    return in_blocks(values, x)


@torch.no_grad()
def in_blocks(function: Callable[[Tensor], Tensor], x: Tensor) -> np.ndarray:
    """Return a function's values for examples (n, d), called for a block of them at a time.

    An example's values depend neither on the others nor on its place among them: a block's last rows would be rounded
    in another way than those that fill vector registers, so each block is padded to whole registers.
    """
    whole: np.ndarray | None = None
    for start in range(0, max(len(x), 1), BLOCK_ROWS):
        rows = x[start : start + BLOCK_ROWS]
        block = function(F.pad(rows, (0, 0, 0, -len(rows) % REGISTER)))[: len(rows)].cpu().numpy()
        if whole is None:  # each block is written to its place at once, so that its memory serves the next
            whole = np.empty((len(x), *block.shape[1:]), dtype=block.dtype)
        whole[start : start + len(block)] = block
    assert whole is not None
    return whole


def labelled_error(values: np.ndarray, labels: Sequence[str], classes: Sequence[str]) -> tuple[float, int] | None:
    """Return the error on the examples whose class is known, a fraction, and their number.

    A class that is none of the network's counts as an error, with a warning.

    Args:
        values: (n, m) probabilities.
        labels: The names of the examples' classes, empty where they are not known.
        classes: The names of the m classes.

    Returns:
        None if no example's class is known, or none is one of the network's.
    """
    known = [row for row, label in enumerate(labels) if label]
    found = {labels[row] for row in known}
    if strange := found - {*classes}:
        log.warning(
            "the new examples have classes that the run has not, such as %s (its own: %s); %s",
            *(min(strange), ", ".join(classes[:10])),
            "no error is computed" if strange == found else "they count as errors",
        )
        if strange == found:
            return None
    wrong = sum(classes[values[row].argmax()] != labels[row] for row in known)
    return (wrong / len(known), len(known)) if known else None


def check_output(path: Path, sources: Iterable[Path | None] = ()) -> None:
    """Refuse a name by which the format of the output is not known, or with which it would replace the user's data.

    Args:
        path: The file to write.
        sources: Files of data, which may not exist.

    Raises:
        SdaeError: If it does not end in .npy, .csv or .parquet, what writes the last is not installed, or it is one of
            the sources.
    """
    place = path.expanduser().resolve()
    for source in sources:
        if source is not None and source.expanduser().resolve() == place:
            raise SdaeError(f"output {path}: holds the examples or the run's data; name another file")
    if path.suffix not in (".npy", ".csv", ".parquet"):
        raise SdaeError(f"output {path}: the name of a .npy, a .csv or a .parquet file")
    if path.suffix == ".parquet":
        _arrow()


def write_prediction(path: Path, values: np.ndarray, inputs: Inputs, classes: Sequence[str] | None) -> list[Path]:
    """Write the probabilities of the classes, or the units of a layer, for examples.

    A .csv or .parquet has a row for each example: its name, its class where it is known, and the predicted class with
    the probabilities, or a layer's units. A .npy has the numbers alone, in the order of the examples; where that is not
    simply one file's, a file beside it, ending in ``.rows.csv``, says which row is which example.

    Args:
        path: The file, .npy, .csv or .parquet.
        values: (n, m) probabilities, or (n, d') units.
        inputs: The examples.
        classes: The names of the m classes; None for units.

    Returns:
        The files written.

    Raises:
        SdaeError: If one cannot be written.
    """
    known = [] if inputs.labels is None else ["label"]
    labels = [[]] * len(values) if inputs.labels is None else [[label] for label in inputs.labels]
    rows = [[name, *label] for name, label in zip(inputs.names, labels, strict=True)]
    if path.suffix == ".npy":
        write_binary(path, lambda file: np.save(file, values))
        if not inputs.rows_matter:
            return [path]
        beside = path.with_suffix(".rows.csv")
        _write_csv(beside, ["row", "example", *known], [[str(k), *row] for k, row in enumerate(rows)])
        return [path, beside]
    head = ["example", *known]
    if classes is None:
        numbers = [f"unit {unit + 1}" for unit in range(values.shape[1])]
    else:
        head, numbers = [*head, "class"], [f"p({name})" for name in classes]
        rows = [[*row, classes[k]] for row, k in zip(rows, values.argmax(1), strict=True)]
    if path.suffix == ".parquet":
        _write_parquet(path, head, rows, numbers, values)
    else:
        texts = ([*row, *(f"{value:.9g}" for value in each)] for row, each in zip(rows, values, strict=True))
        _write_csv(path, [*head, *numbers], texts)
    return [path]


def _write_parquet(
    path: Path, head: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[str], values: np.ndarray
) -> None:
    """Write columns of text, then one of float32 for each column of values (n, m)."""
    arrow, parquet = _arrow()
    columns = [*(arrow.array(column, arrow.string()) for column in zip(*rows, strict=True)), *values.T.copy()]
    table = arrow.table(columns, names=[*head, *numbers])
    write_aside(path, lambda aside: parquet.write_table(table, aside))


def _arrow() -> tuple[Any, Any]:
    try:
        return import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError:
        raise SdaeError("output: a .parquet file needs pyarrow; pip install 'sdae[tables]'") from None


def _write_csv(path: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    def write(aside: str) -> None:
        with open(aside, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(head)
            writer.writerows(rows)

    write_aside(path, write)
