"""Your own pictures: a folder of folders, one for each class."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from sdae.data.cache import Arrays
from sdae.data.own.local import Local, arrays_of, deal, sizes_of
from sdae.data.own.pictures import SUFFIXES, grey, is_picture, size
from sdae.errors import SdaeError


class ImageFolder(Local):
    """Pictures folder/class/*.png (or .jpg, .gif, .bmp, .tif, .webp, .pgm, .ppm), all of one size, made grey.

    They are read as a viewer shows them: upright, and on white where they are transparent.

    The classes are numbered in the order of their names. Only the first picture is looked at when the problem is built,
    because the network's shape depends on it.

    Args:
        folder: The folder with the training examples, and with those of each split that has no folder of its own.
        valid: A folder with the validation examples, with the same classes.
        test: A folder with the test examples, with the same classes.
        unlabelled: A folder with further training examples, at any depth, which pretraining alone sees.
        valid_fraction: Fraction of folder for validation where it has no folder.
        test_fraction: Fraction of folder for the test where it has no folder.
        name: The problem's name; default: the folder's.
        train_size: Number of training examples; default: all.
        seed: Seed of the splits. It is no part of a run's own seed.

    Raises:
        SdaeError: If a folder or a picture cannot be used; names it.
    """

    def __init__(
        self,
        folder: Path,
        valid: Path | None = None,
        test: Path | None = None,
        unlabelled: Path | None = None,
        valid_fraction: float = 0.1,
        test_fraction: float = 0.1,
        name: str | None = None,
        train_size: int | None = None,
        seed: int = 1,
    ) -> None:
        """List the pictures."""
        given = {"train": folder, "valid": valid, "test": test}
        folders = {split: path.expanduser() for split, path in given.items() if path is not None}
        self.class_names = tuple(class_names(folders["train"]))
        for path in folders.values():
            if (others := tuple(class_names(path))) != self.class_names:
                strange = sorted({*others} ^ {*self.class_names})[0]
                raise SdaeError(f"{path}: {strange} is a class in only one of it and {folder}")
        listed = {split: list(pictures(path, self.class_names)) for split, path in folders.items()}
        t = {split: np.array([label for _, label in files]) for split, files in listed.items()}
        rows = deal(t, valid_fraction, test_fraction, folder, seed)
        more = [] if unlabelled is None else _any_depth(unlabelled.expanduser())
        sizes = sizes_of(rows, len(more))
        super().__init__(name, folders["train"].resolve().name, sizes, train_size, seed)
        self._files, self._rows = folders, rows
        self._pictures = {split: [listed[source][row] for row in part] for split, (source, part) in rows.items()}
        self._pictures["train"] += [(path, -1) for path in more]
        height, width = grey(listed["train"][0][0]).shape
        self.image_shape, self.n_features, self.n_classes = (height, width), height * width, len(self.class_names)

    def read(self) -> Arrays:
        """Read the pictures."""
        return arrays_of({split: self._read(split) for split in self._pictures}, scale=255.0)

    def _read(self, split: str) -> tuple[np.ndarray, np.ndarray]:
        files = self._pictures[split][: self.train_size] if split == "train" else self._pictures[split]
        x = np.empty((len(files), self.n_features), dtype=np.uint8)
        for row, (path, _) in enumerate(tqdm(files, desc=f"{self.name}: {split}", unit=" pictures", disable=None)):
            picture = grey(path)
            if picture.shape != self.image_shape:
                raise SdaeError(
                    f"{path}: is {size(picture.shape)}, where others are {size(self.image_shape or ())}; "
                    "all pictures need one size"
                )
            x[row] = picture.ravel()
        return x, np.array([t for _, t in files], dtype=np.int64)

    def where(self, split: str) -> list[str]:
        """Return the file of each row of a split, within its folder."""
        pictures = self._pictures[split][: len(self.splits[split].t)]
        return [f"{path.parent.name}/{path.name}" for path, _ in pictures]


def _any_depth(folder: Path) -> list[Path]:
    found = sorted(path for path in folder.rglob("*") if is_picture(path))
    if not found:
        raise SdaeError(f"{folder}: holds no picture ({', '.join(SUFFIXES)})")
    return found


def class_names(folder: Path) -> list[str]:
    """Return the names of a folder's classes, in order.

    Raises:
        SdaeError: If there are not two of them.
    """
    if not folder.is_dir():
        raise SdaeError(f"{folder}: no such folder of pictures")
    names = sorted(path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    if len(names) < 2:
        raise SdaeError(f"{folder}: needs a folder of pictures for each class, two at least; it has {len(names)}")
    return names


def pictures(folder: Path, classes: Sequence[str]) -> Iterator[tuple[Path, int]]:
    """Yield a folder's pictures with their classes, in the order of their names; other files are left alone.

    Raises:
        SdaeError: If a class has none.
    """
    for t, name in enumerate(classes):
        found = sorted(path for path in (folder / name).iterdir() if is_picture(path))
        if not found:
            raise SdaeError(f"{folder / name}: holds no picture ({', '.join(SUFFIXES)})")
        yield from ((path, t) for path in found)
