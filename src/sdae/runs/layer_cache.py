"""Layers that the runs of a sweep share: each is trained once, with the same numbers as without sharing."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import torch
from filelock import FileLock, Timeout
from torch import Tensor

from sdae.errors import Diverged
from sdae.files import remove_leftovers, write_aside
from sdae.models.layer import Layer
from sdae.runs.layer_key import layer_key, tensor_hash
from sdae.runs.layer_store import LayerStore, TrainedLayer
from sdae.runs.weights import read_checkpoint
from sdae.tracking.keys import LOSS
from sdae.tracking.metrics_file import Row
from sdae.tracking.tracking import Tracker

POLL_SECONDS = 0.5  # between two attempts to lock a layer that another process trains


@dataclass
class LayerCache:
    """The cache as one run uses it, which requests its layers from the first up.

    Attributes:
        store: The store of the layers.
        waiting: Called again and again while another process trains the requested layer, with the seconds of waiting
            since the last call; may raise to stop waiting.
        saved: Called with the position of a layer that was found, and the seconds that training it took.
    """

    store: LayerStore
    waiting: Callable[[float], None]
    saved: Callable[[int, float], None]
    below: str | None = field(default=None, init=False)

    def entry_for(self, layer: Layer, x: Tensor, valid_x: Tensor, epochs: int) -> "CachedLayer":
        """Return the next layer's entry.

        Args:
            layer: The layer at its start, on the device that it is trained on.
            x: Its training inputs.
            valid_x: The validation inputs that it reports on.
            epochs: Number of epochs.
        """
        key = layer_key(self.below or tensor_hash(x, valid_x), layer)
        self.below = f"{key}-{epochs}"
        return CachedLayer(self, key, epochs)


@dataclass(frozen=True)
class CachedLayer:
    """The entry of one layer in the cache.

    Attributes:
        cache: The cache.
        key: Hash of everything that determines the weights except the number of epochs.
        epochs: Number of epochs.
    """

    cache: LayerCache
    key: str
    epochs: int

    def train_once(self, layer: Layer, prefix: str, tracker: Tracker, point: Path, train: Callable[[], None]) -> None:
        """Train the layer, or load it if it is cached, and log its metrics as if it had been trained.

        Training of a cached layer with fewer epochs is resumed: random streams depend on the epoch's number alone, and
        everything else, including persistent chains, is in the checkpoint.

        Args:
            layer: The layer at its start.
            prefix: The stage, put before the keys.
            tracker: The run's record.
            point: Checkpoint of the stage: of an interrupted one, from which training resumes, and finally of the last
                epoch.
            train: Trains the layer.

        Raises:
            Diverged: If training diverges, or diverged for another run.
        """
        with self._locked():
            found = self.cache.store.find(self.key, self.epochs)
            if found is not None and (found.diverged or found.epochs == self.epochs or not point.exists()):
                tracker.replay(prefix, found.rows)
                self.cache.saved(layer.layer, found.seconds)
                if found.diverged is not None:
                    raise Diverged(found.diverged)
                if found.epochs == self.epochs:
                    layer.load_state_dict(found.checkpoint["state_dict"])
                    return
                write_aside(point, lambda aside: torch.save(found.checkpoint, aside))
            try:
                train()
            except Diverged as diverged:
                rows = tracker.rows(prefix)
                diverging = len(_epochs(rows)) + 1
                self.cache.store.keep(self.key, TrainedLayer(diverging, {}, rows, str(diverged)))
                raise
            rows = tracker.rows(prefix)
            if _epochs(rows) == list(range(1, self.epochs + 1)):  # a kill may have cost a row
                self.cache.store.keep(self.key, TrainedLayer(self.epochs, read_checkpoint(point), rows))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Lock the layer against training by other processes; wait for one that trains it.

        Waiting is at least as fast as training here, because the other process started earlier. The system releases the
        lock of a process that is killed.
        """
        folder, name = self.cache.store.folder, self.cache.store.path(self.key, self.epochs).name
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / f".{name}.lock")
        while not lock.is_locked:
            began = time.monotonic()
            try:
                lock.acquire(timeout=POLL_SECONDS)
            except Timeout:
                self.cache.waiting(time.monotonic() - began)
        try:
            remove_leftovers(folder, name)
            yield
        finally:
            lock.release()


def _epochs(rows: Sequence[Row]) -> list[int]:
    return [epoch for key, epoch, _ in rows if key == LOSS]
