"""Finds the compiled loops: compiled once for this processor, then read from a cache on disk by every later process.

numba's own cache lies beside the source, which an installed package may not write to, and looks at one file at a time.
Here it lies in the user's cache folder, under a hash of all the loops' source files, or in a temporary folder where
that cannot be written. One process compiles while others that want the same loop wait for it.
"""

import getpass
import hashlib
import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pooch
import torch
from filelock import FileLock
from torch import Tensor

log = logging.getLogger(__name__)

KERNELS = "sdae.functional.online.kernels"


def compiled_kernel(name: str, like: Tensor) -> Callable[..., None] | None:
    """Return the compiled loop of a kind of model, or None where it cannot run and torch has to.

    Args:
        name: ``tied``, ``untied``, ``machine`` or ``classifier``.
        like: An example of the numbers to compute with. The loops take float32 in the processor's own memory.
    """
    if like.device.type != "cpu" or like.dtype != torch.float32 or not available():
        return None
    return _kernel(name).train_block


@cache
def available() -> bool:
    """Return whether the compiler is installed, without importing it."""
    return find_spec("numba") is not None


@cache
def _kernel(name: str) -> ModuleType:
    folder = _folder()
    with _one_at_a_time(folder / f".{name}.lock"), _numba_cache(folder):
        if not (folder / name).exists():
            log.info("compiling the %s training loop for this processor, once; kept in %s", name, folder)
        try:
            module = import_module(f"{KERNELS}.{name}")
        except Exception:  # whatever a damaged cache makes the compiler stumble over
            for kept in folder.rglob("*.nb?"):
                kept.unlink(missing_ok=True)
            module = import_module(f"{KERNELS}.{name}")
        (folder / name).touch()
    return module


def _folder() -> Path:
    """Return the folder of the cache: the first of some that can be written."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    name = f"compiled-{digest.hexdigest()[:16]}"
    for root in (Path(pooch.os_cache("sdae")), Path(tempfile.gettempdir()) / f"sdae-{getpass.getuser()}"):
        try:
            (root / name).mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=root / name):
                return root / name
        except OSError:
            continue
    return Path(tempfile.mkdtemp(prefix="sdae-"))


@contextmanager
def _one_at_a_time(lock: Path) -> Iterator[None]:
    with FileLock(lock):
        yield


@contextmanager
def _numba_cache(folder: Path) -> Iterator[None]:
    """Have numba keep what it compiles in a folder; its setting is put back, for it is the whole process's."""
    from numba import config

    before = config.CACHE_DIR
    config.CACHE_DIR = str(folder)
    try:
        yield
    finally:
        config.CACHE_DIR = before
