"""New examples for a trained run: arrays, tables, a picture or a folder of pictures, preprocessed as the run's own."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sdae.data.examples import UNKNOWN
from sdae.data.gtzan.audio import SUFFIXES as AUDIO
from sdae.data.gtzan.audio import new_clips
from sdae.data.gtzan.tzanetakis import Tzanetakis
from sdae.data.own.arrays import read_arrays
from sdae.data.own.encoding import as_categories
from sdae.data.own.frames import is_table, read_frame
from sdae.data.own.pictures import SUFFIXES, grey, is_picture, size
from sdae.data.preprocessing import Preprocessing
from sdae.data.problem import Problem
from sdae.errors import SdaeError

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Inputs:
    """Examples as the network takes them.

    Attributes:
        x: (n, d), float32.
        names: Which example each row is: a file's name, or a file and its row, counted from 0.
        labels: The names of their classes, where they are known; empty for an example without.
        rows_matter: Whether the order of the rows is not simply that of one file.
    """

    x: np.ndarray
    names: list[str]
    labels: list[str] | None = None
    rows_matter: bool = False


def read_inputs(path: Path, preprocessing: Preprocessing) -> Inputs:
    """Read new examples, and do to them all that was done to the run's own.

    Args:
        path: A .npy, or an .npz with an array x, of shape (n, d) or (n, height, width), with or without classes t (n,);
            for a run on a table a .csv or .parquet with the table's columns, with or without its target; a picture,
            or a folder of pictures, which may lie in folders of their own, named for their classes or not; for
            tzanetakis, an audio file or a folder of them.
        preprocessing: The run's preprocessing.

    Raises:
        SdaeError: If they cannot be read, have another shape, or hold values that the run's own could not have.
    """
    path = path.expanduser()
    if preprocessing.problem == Tzanetakis.name and (songs := _songs(path)):
        return _audio(songs, path, preprocessing)
    if path.is_dir() or is_picture(path):
        return _pictures(path, preprocessing)
    if is_table(path):
        return _table(path, preprocessing)
    x, t = read_arrays(path, "x", "t" if preprocessing.n_classes else None)
    x = preprocessing(x, str(path))
    labels = None if t is None else _labels(t, len(x), preprocessing, path)
    return Inputs(x, [f"{path.name}:{row}" for row in range(len(x))], labels)


def inputs_of(problem: Problem, split: str) -> Inputs:
    """Return a problem's own examples, with their classes where it has any."""
    x, t = problem.splits[split]
    return Inputs(x.cpu().numpy(), problem.where(split), problem.class_names_of(t), rows_matter=True)


def _labels(t: np.ndarray, n: int, preprocessing: Preprocessing, path: Path) -> list[str] | None:
    """Return classes ``t`` (n,) as their names, empty for -1 and NaN; None if they are none of n examples.

    Where the run's classes are numbered, 0 to m - 1, the numbers are the names.
    """
    t = t[:, 0] if t.shape == (n, 1) else t
    if t.shape != (n,) or t.dtype.kind not in "biufU":
        shape = "a single value" if t.ndim == 0 else " × ".join(map(str, t.shape))
        log.warning("%s: its t (%s, %s) is not a class of each of %d examples; it is left out", path, shape, t.dtype, n)
        return None
    return [_class_name(value, preprocessing.classes) for value in t.tolist()]


def _class_name(value: Any, classes: Sequence[str]) -> str:
    if str(value) in classes or isinstance(value, str):
        return str(value)
    name = str(int(value)) if float(value).is_integer() else str(value)
    return "" if name in (str(UNKNOWN), "nan") else name


def _pictures(path: Path, preprocessing: Preprocessing) -> Inputs:
    shape = preprocessing.image_shape
    if shape is None:
        raise SdaeError(f"{path}: the run's examples are not pictures")
    files = sorted(file for file in path.rglob("*") if is_picture(file)) if path.is_dir() else [path]
    if not files:
        raise SdaeError(f"{path}: holds no picture ({', '.join(SUFFIXES)})")
    x = np.empty((len(files), preprocessing.n_features), dtype=np.uint8)
    for row, file in enumerate(files):
        levels = grey(file)
        if levels.shape != tuple(shape):
            raise SdaeError(
                f"{file}: is {size(levels.shape)}, where the run's pictures are {size(shape)} (height × width)"
            )
        x[row] = levels.ravel()
    names = [file.relative_to(path).as_posix() if path.is_dir() else file.name for file in files]
    fractions = preprocessing.scaling.identity and preprocessing.value_range == (0.0, 1.0)
    folders = [name.partition("/")[0] if "/" in name else "" for name in names]
    labels = folders if {*folders} & {*preprocessing.classes} else None
    return Inputs(preprocessing(x / 255 if fractions else x, str(path)), names, labels, rows_matter=True)


def _songs(path: Path) -> list[Path]:
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    return [file for file in files if file.suffix.lower() in AUDIO]


def _audio(songs: list[Path], path: Path, preprocessing: Preprocessing) -> Inputs:
    x, places = new_clips(songs)
    folder = path if path.is_dir() else path.parent
    names = [f"{song.relative_to(folder).as_posix()}:{clip}" for song, clip in places]
    return Inputs(preprocessing(x, str(path)), names, rows_matter=True)


def _table(path: Path, preprocessing: Preprocessing) -> Inputs:
    encoding = preprocessing.encoding
    if encoding is None:
        raise SdaeError(f"{path}: is a table, and the run was not trained on one; give an array as .npy")
    frame = read_frame(path)
    labels = None
    if encoding.target in frame.columns:
        series = frame[encoding.target]
        names = as_categories(series, series.isna().to_numpy(), f"{path}: column {encoding.target}")
        labels = ["" if name is None else str(name) for name in names]
    return Inputs(preprocessing(frame, str(path)), [f"{path.name}:{row}" for row in range(len(frame))], labels)
