"""The files of the layer cache: whole or not there, checked when they are read, and dropped when room is short."""

import hashlib
import io
import logging
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from sdae.errors import SdaeError
from sdae.files import write_aside
from sdae.tracking.keys import SECONDS
from sdae.tracking.metrics_file import Row

log = logging.getLogger(__name__)

GIGABYTE = 10**9
SUFFIX = ".layer"
HASH = hashlib.sha256().digest_size


@dataclass(frozen=True)
class TrainedLayer:
    """What is kept of a layer.

    Attributes:
        epochs: For which it was trained; the one in which it diverged.
        checkpoint: Its state after them, from which training resumes; nothing where it diverged.
        rows: Its metrics, of every epoch.
        diverged: What was said when it diverged; None where it did not.
    """

    epochs: int
    checkpoint: dict[str, Any]
    rows: list[Row]
    diverged: str | None = None

    @property
    def seconds(self) -> float:
        """What it took to train."""
        return sum(value for key, _, value in self.rows if key == SECONDS)


@dataclass(frozen=True)
class LayerStore:
    """A folder of trained layers, for any number of processes at once, on any hosts that share it.

    Attributes:
        folder: The folder, with a file for each layer: its key and its number of epochs.
        gigabytes: What the layers may take, and never more than they leave free on the disk. The least recently used go
            first.
    """

    folder: Path
    gigabytes: float

    def path(self, key: str, epochs: int) -> Path:
        """Return where a layer lies."""
        return self.folder / f"{key}-{epochs}{SUFFIX}"

    def find(self, key: str, epochs: int) -> TrainedLayer | None:
        """Return a layer; else what it was after fewer epochs, the most of those there are, or None."""
        known = (int(path.stem.rpartition("-")[2]) for path in self.folder.glob(f"{key}-*{SUFFIX}"))
        for number in sorted((number for number in known if number <= epochs), reverse=True):
            path = self.path(key, number)
            try:
                content = _read(path)
                os.utime(path)  # it was used
            except FileNotFoundError:  # another process needed its room
                continue
            except ValueError:
                log.warning("%s: is damaged; the layer is trained again", path)
                path.unlink(missing_ok=True)
                continue
            return TrainedLayer(**content)
        return None

    def keep(self, key: str, trained: TrainedLayer) -> None:
        """Keep a layer, as far as there is room; a run can do without."""
        buffer = io.BytesIO()
        torch.save(asdict(trained), buffer)
        data = buffer.getvalue()
        try:
            write_aside(
                self.path(key, trained.epochs),
                lambda aside: Path(aside).write_bytes(hashlib.sha256(data).digest() + data),
            )
        except SdaeError as error:
            log.warning("%s; other trials train this layer again", error)
        self._make_room()

    def _make_room(self) -> None:
        files = sorted(self._files(), reverse=True)
        held = sum(size for _, size, _ in files)
        room = min(self.gigabytes * GIGABYTE, (held + shutil.disk_usage(self.folder).free) / 2)
        while held > room and files:
            _, size, path = files.pop()
            path.unlink(missing_ok=True)
            held -= size

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        """Yield when each file was used, its size, and its path."""
        for path in self.folder.glob(f"*{SUFFIX}"):
            try:
                stat = path.stat()
            except FileNotFoundError:
                continue
            yield stat.st_mtime, stat.st_size, path


def _read(path: Path) -> dict[str, Any]:
    """Read a file.

    Raises:
        FileNotFoundError: If it is not there any more.
        ValueError: If it is not as it was written.
    """
    data = path.read_bytes()
    if hashlib.sha256(data[HASH:]).digest() != data[:HASH]:
        raise ValueError(path)
    return torch.load(io.BytesIO(data[HASH:]), map_location="cpu", weights_only=True)
