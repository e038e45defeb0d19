"""The user's pictures as a problem: a folder of folders, one for each class."""

import logging
from collections.abc import Container
from pathlib import Path

import numpy as np
from tqdm import tqdm

from sdae.data.cache import Arrays
from sdae.data.examples import UNKNOWN
from sdae.data.own.local import UNLABELLED, Local, deal, refuse_twice, sizes_of
from sdae.data.own.pictures import SUFFIXES, grey, is_picture, size
from sdae.errors import MissingData, SdaeError

log = logging.getLogger(__name__)


class ImageFolder(Local):
    """Pictures folder/class/*.png (or .jpg, .gif, .bmp, .tif, .webp, .pgm, .ppm), all of one size, converted to grey.

    They are read as a viewer shows them: rotated by their EXIF orientation, and white where transparent.

    Classes are numbered in the order of their names. When the problem is built, only the first picture is read, for
    the size of the network's input.

    Args:
        path: Folder with the training examples, and with those of each split that has no folder of its own.
        valid: Folder with the validation examples, with the same classes.
        test: Folder with the test examples, with the same classes.
        unlabelled: Folder with further training examples, at any depth, which only pretraining uses.
        valid_fraction: Fraction of path for validation if it has no folder.
        test_fraction: Fraction of path for the test if it has no folder.
        name: The problem's name; default: the folder's.
        train_size: Number of training examples; default: all.
        seed: Seed of the splits, independent of a run's own seed.

    Raises:
        SdaeError: If a folder or a picture cannot be used; names it.
    """

    def __init__(
        self,
        path: Path,
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
        given = {"train": path, "valid": valid, "test": test}
        folders = {split: Path(each).expanduser() for split, each in given.items() if each is not None}
        more = None if unlabelled is None else Path(unlabelled).expanduser()
        refuse_twice(folders if more is None else {**folders, UNLABELLED: more})
        self.class_names = _class_names(folders["train"])
        for folder in folders.values():
            if strange := sorted({*_class_names(folder)} ^ {*self.class_names}):
                raise SdaeError(f"{folder}: only this folder or {folders['train']} has the class {strange[0]}")
        listed = {split: _labelled(folder, self.class_names) for split, folder in folders.items()}
        t = {split: np.array([label for _, label in files]) for split, files in listed.items()}
        rows = deal(t, valid_fraction, test_fraction, folders["train"], seed)
        unlabelled_paths = [] if more is None else _unlabelled(more)
        super().__init__(name, folders["train"].resolve().name, sizes_of(rows, len(unlabelled_paths)), train_size, seed)
        self._files, self._rows = folders, rows
        self._pictures = {split: [listed[source][row] for row in part] for split, (source, part) in rows.items()}
        self._pictures["train"] += [(picture, UNKNOWN) for picture in unlabelled_paths]
        height, width = grey(listed["train"][0][0]).shape
        self.image_shape, self.n_features, self.n_classes = (height, width), height * width, len(self.class_names)

    def read(self) -> Arrays:
        """Read the pictures."""
        return Arrays(*self._read("train"), *self._read("valid"), *self._read("test"), scale=255.0)

    def _read(self, split: str) -> tuple[np.ndarray, np.ndarray]:
        files = self._pictures[split][: self.train_size] if split == "train" else self._pictures[split]
        x = np.empty((len(files), self.n_features), dtype=np.uint8)
        for row, (path, _) in enumerate(tqdm(files, desc=f"{self.name}: {split}", unit=" pictures", disable=None)):
            picture = grey(path)
            if picture.shape != self.image_shape:
                raise SdaeError(
                    f"{path}: is {size(picture.shape)}, where others are {size(self.image_shape or ())} "
                    "(height × width); all pictures must have the same size"
                )
            x[row] = picture.ravel()
        return x, np.array([t for _, t in files], dtype=np.int64)

    def where(self, split: str) -> list[str]:
        """Return the file of each row of a split, within its folder."""
        pictures = self._pictures[split][: len(self.splits[split].t)]
        return [f"{path.parent.name}/{path.name}" for path, _ in pictures]


def _class_names(folder: Path) -> tuple[str, ...]:
    if not folder.is_dir():
        raise MissingData(f"{folder}: no such folder of pictures")
    names = sorted(path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    if len(names) < 2:
        raise SdaeError(f"{folder}: needs a folder of pictures for each class, at least two; it has {len(names)}")
    return tuple(names)


def _labelled(folder: Path, classes: tuple[str, ...]) -> list[tuple[Path, int]]:
    """Return a folder's pictures with their classes, in the order of their names."""
    found = [(path, t) for t, name in enumerate(classes) for path in _pictures(folder / name, "*")]
    _warn_of_others(folder, {path for path, _ in found})
    return found


def _unlabelled(folder: Path) -> list[Path]:
    """Return a folder's pictures at any depth, in order."""
    found = _pictures(folder, "**/*")
    _warn_of_others(folder, set(found))
    return found


def _pictures(folder: Path, pattern: str) -> list[Path]:
    if not (found := sorted(path for path in folder.glob(pattern) if is_picture(path))):
        raise SdaeError(f"{folder}: holds no picture ({', '.join(SUFFIXES)})")
    return found


def _warn_of_others(folder: Path, found: Container[Path]) -> None:
    """Warn of files that are not read: of another type, or not in the folder of a class itself."""
    others = [path.relative_to(folder) for path in folder.rglob("*") if path not in found and path.is_file()]
    if others := [path for path in others if not any(part.startswith(".") for part in path.parts)]:
        log.warning(
            "%s: %d files are left out, such as %s: not a picture (%s), or not directly in the folder of a class",
            *(folder, len(others), min(others), ", ".join(SUFFIXES)),
        )
