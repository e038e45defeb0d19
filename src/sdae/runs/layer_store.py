"""The files of the layer cache: written atomically, verified on reading, evicted when space is short."""

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
    """The stored content of a layer.

    Attributes:
        epochs: Number of epochs trained, or the epoch of divergence.
        checkpoint: Its state then, from which training resumes; empty if it diverged.
        rows: Its metrics, of every epoch.
        diverged: Error message of the divergence; None if it did not diverge.
    """

    epochs: int
    checkpoint: dict[str, Any]
    rows: list[Row]
    diverged: str | None = None

    @property
    def seconds(self) -> float:
        """Training time in seconds."""
        return sum(value for key, _, value in self.rows if key == SECONDS)


@dataclass(frozen=True)
class LayerStore:
    """A folder of trained layers, for any number of processes at once, on any hosts that share it.

    Attributes:
        folder: The folder, with a file for each layer: its key and its number of epochs.
        gigabytes: Maximum size; the cache also never exceeds the free disk space. The least recently used layers are
            evicted first.
    """

    folder: Path
    gigabytes: float

    def path(self, key: str, epochs: int) -> Path:
        """Return the path of a layer."""
        return self.folder / f"{key}-{epochs}{SUFFIX}"

    def find(self, key: str, epochs: int) -> TrainedLayer | None:
        """Return the layer, or its latest state after fewer epochs, or None."""
        known = (int(path.stem.rpartition("-")[2]) for path in self.folder.glob(f"{key}-*{SUFFIX}"))
        for number in sorted((number for number in known if number <= epochs), reverse=True):
            path = self.path(key, number)
            try:
                content = _read(path)
                os.utime(path)  # marks it as used
            except FileNotFoundError:  # evicted by another process
                continue
            except ValueError:
                log.warning("%s: is damaged; the layer is trained again", path)
                path.unlink(missing_ok=True)
                continue
            return TrainedLayer(**content)
        return None

    def keep(self, key: str, trained: TrainedLayer) -> None:
        """Store a layer if there is space; runs do not depend on it."""
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
        try:
            self._evict()
        except FileNotFoundError:  # another sweep has removed the folder
            return

    def _evict(self) -> None:
        files = sorted(self._files(), reverse=True)
        held = sum(size for _, size, _ in files)
        room = min(self.gigabytes * GIGABYTE, (held + shutil.disk_usage(self.folder).free) / 2)
        while held > room and files:
            _, size, path = files.pop()
            path.unlink(missing_ok=True)
            held -= size

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        """Yield each file's time of use, size and path."""
        for path in self.folder.glob(f"*{SUFFIX}"):
            try:
                stat = path.stat()
            except FileNotFoundError:
                continue
            yield stat.st_mtime, stat.st_size, path


def _read(path: Path) -> dict[str, Any]:
    """Read a file.

    Raises:
        FileNotFoundError: If it does not exist any more.
        ValueError: If it is damaged.
    """
    data = path.read_bytes()
    if hashlib.sha256(data[HASH:]).digest() != data[:HASH]:
        raise ValueError(path)
    return torch.load(io.BytesIO(data[HASH:]), map_location="cpu", weights_only=True)
