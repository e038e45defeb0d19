"""Finds the compiled loops: compiled once for this processor, then read from a cache on disk by every later process.

numba's own cache lies beside the source, which an installed package may not write to, and looks at one file at a time.
Here it lies in the user's cache folder, under a hash of everything that the compiled code depends on, or in a temporary
folder where that cannot be written. One process compiles while others that want the same loop wait for it.

That process is a child, which ends when it has compiled. Code in the process that compiled it is linked otherwise than
code read from the cache, and rounds sums otherwise: without a child, the first run on a machine would have other
numbers than all later ones.
"""

import getpass
import hashlib
import logging
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pooch
import torch
from filelock import FileLock
from torch import Tensor

log = logging.getLogger(__name__)

KERNELS = "sdae.functional.online.kernels"
TRAINS = {"tied": "autoencoder", "untied": "untied autoencoder", "machine": "RBM", "classifier": "fine-tuning"}


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
    """Return whether the compiler can be used; if not, say so once."""
    try:
        import numba  # noqa: F401
    except (ImportError, OSError) as error:  # not installed, or for another numpy, or with a damaged library
        log.warning("numba cannot be imported (%s): online learning runs in torch instead, which is slower", error)
        return False
    return True


@cache
def _kernel(name: str) -> ModuleType:
    folder = _folder()
    with _one_at_a_time(folder / f".{name}.lock"), _numba_cache(folder):
        if not (folder / name).exists():
            log.info("compiling the %s training loop for this processor, once; kept in %s", TRAINS[name], folder)
            _compile(name, folder)
        try:
            return import_module(f"{KERNELS}.{name}")
        except Exception:  # whatever a damaged cache makes the compiler stumble over
            for kept in folder.rglob(f"{name}.*.nb?"):
                kept.unlink(missing_ok=True)
            _compile(name, folder)
            return import_module(f"{KERNELS}.{name}")


def _compile(name: str, folder: Path) -> None:
    """Compile a loop into the cache, in a process of its own; where none can be started, this one compiles later."""
    variables = {"NUMBA_CACHE_DIR": str(folder), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", f"import {KERNELS}.{name}"]
    try:
        subprocess.run(command, env={**os.environ, **variables}, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        log.warning("the %s training loop cannot be compiled in a process of its own (%s)", TRAINS[name], error)
    else:
        (folder / name).touch()


def _folder() -> Path:
    """Return the folder of the cache: the first of some that can be written."""
    name = f"compiled-{_digest()[:16]}"
    user = os.getuid() if hasattr(os, "getuid") else getpass.getuser()  # in a container a user may have no name
    for root in (Path(pooch.os_cache("sdae")), Path(tempfile.gettempdir()) / f"sdae-{user}"):
        try:
            (root / name).mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=root / name):
                return root / name
        except OSError:
            continue
    return Path(tempfile.mkdtemp(prefix="sdae-"))


def _digest() -> str:
    """Return a hash of what numba compiles again for: the source, its place and time, versions and the processor."""
    import numba
    from llvmlite import binding

    digest = hashlib.sha256()
    processor = numba.config.CPU_NAME or binding.get_host_cpu_name()
    features = numba.config.CPU_FEATURES or binding.get_host_cpu_features().flatten()
    for part in (numba.__version__, platform.python_version(), processor, features, str(Path(__file__).parent)):
        digest.update(f"{part}\n".encode())
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes() + str(path.stat().st_mtime_ns).encode())
    return digest.hexdigest()


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
