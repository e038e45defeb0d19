"""Published files: found in the data folder or fetched from a mirror, and never used unchecked."""

import contextlib
import gzip
import hashlib
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pooch
import requests
from filelock import FileLock

from sdae.errors import SdaeError
from sdae.files import PART
from sdae.loggers import warnings_only

log = logging.getLogger(__name__)

TIMEOUT = (10, 60)  # seconds to connect, seconds between two packets


class Unreachable(SdaeError):
    """A published file that is neither on disk nor to be had from any mirror."""

    @property
    def short(self) -> str:
        """The missing file, without the advice."""
        return str(self).partition(";")[0]


@dataclass(frozen=True)
class Archive:
    """A published file.

    Attributes:
        folder: Its place below the data folder.
        filename: Its name there.
        mirrors: Addresses without the file name, the first tried first.
        algorithm: Hash function of ``digest``.
        digest: Hash of the file; of its content where the file is a ``.gz``, because the same content is found
            compressed in several ways.
    """

    folder: str
    filename: str
    mirrors: tuple[str, ...]
    algorithm: str
    digest: str

    def path(self, root: Path) -> Path:
        """Return its place in a data folder."""
        return root / self.folder / self.filename

    def find(self, root: Path, fetch: bool = True) -> Path:
        """Return the checked file's path, fetching it where it is missing.

        Two processes that want the same file at once fetch it once. An interrupted download leaves nothing.

        Args:
            root: The data folder.
            fetch: Whether to use the network.

        Raises:
            Unreachable: If it is missing and no mirror answers.
            SdaeError: If the file has another hash, or the folder cannot be written.
        """
        path = self.path(root)
        if not path.exists() and fetch:
            self._fetch(path)
        if not path.exists():
            raise Unreachable(f"{path}: is not there; put it there, or allow it to be fetched")
        self._check(path)
        return path

    def _check(self, path: Path) -> None:
        try:
            with _content(path) as content:
                found = hashlib.file_digest(content, self.algorithm).hexdigest()  # type: ignore[arg-type]
        except (OSError, EOFError) as error:
            raise SdaeError(f"{path}: cannot be read to its end ({error}); remove it to fetch it again") from None
        if found != self.digest:
            raise SdaeError(
                f"{path}: is not the published file, or is truncated ({self.algorithm} {found[:12]}…, expected "
                f"{self.digest[:12]}…); remove it to fetch it again"
            )

    def _fetch(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(path.parent / f".{self.filename}.lock")
            lock.acquire()
        except OSError as error:
            raise SdaeError(
                f"{path.parent}: cannot be written ({error.strerror}); choose another as data.root or $SDAE_DATA"
            ) from None
        try:
            if not path.exists():  # another process may have fetched it meanwhile
                self._fetch_locked(path)
        finally:
            lock.release()

    def _fetch_locked(self, path: Path) -> None:
        for leftover in path.parent.glob(f".{self.filename}.*{PART}"):
            shutil.rmtree(leftover, ignore_errors=True)
        wrong = ""
        for mirror in self.mirrors:
            aside = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{self.filename}.", suffix=PART))
            try:
                url = f"{mirror}/{self.filename}"
                downloader = pooch.HTTPDownloader(progressbar=sys.stderr.isatty(), timeout=TIMEOUT)
                with warnings_only(pooch.get_logger()):  # we say what is fetched
                    pooch.retrieve(url, known_hash=None, fname=self.filename, path=aside, downloader=downloader)
                self._check(aside / self.filename)
                os.replace(aside / self.filename, path)
                log.info("%s: fetched from %s", path, mirror)
                return
            except requests.RequestException:
                continue
            except SdaeError:
                wrong = f" ({url} sent another file)"
            except OSError as error:
                raise SdaeError(f"{path}: cannot be written ({error.strerror})") from None
            finally:
                shutil.rmtree(aside, ignore_errors=True)
        raise Unreachable(
            f"{self.filename} is not in {path.parent} and no mirror gave it{wrong}; put it there, "
            f"or point data.root or $SDAE_DATA at a folder with {self.folder}/{self.filename}"
        )


def _content(path: Path) -> "contextlib.AbstractContextManager[BinaryIO]":
    opener: Callable[[Path], BinaryIO] = gzip.open if path.suffix == ".gz" else lambda p: p.open("rb")  # type: ignore[assignment]
    return opener(path)
