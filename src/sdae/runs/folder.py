"""The folder of one run: its files, its lock, and the state of the run."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from sdae.errors import SdaeError
from sdae.files import remove_leftovers, write_text

BEST, PRETRAINED = "best.ckpt", "pretrained.ckpt"
FOLDS = "fold[0-9][0-9]"  # pattern of the folders of folds


class RunFolder:
    """Names every file of a run.

    A run is finished when ``result.json`` is there. A layer is trained when ``layerK.ckpt`` is there, and half trained
    when only ``layerK.unfinished.ckpt`` is; likewise ``fine_tuning``.

    Args:
        path: The folder; need not exist yet.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.config = path / "config.yaml"
        self.preprocessing = path / "preprocessing.json"  # of the inputs, and the names of the classes
        self.commits = path / "commits.json"  # of the code that has worked on the run
        self.metrics = path / "metrics.csv"
        self.result = path / "result.json"
        self.pretrained = path / PRETRAINED  # the weights before fine-tuning (section 6.6 needs them)
        self.best = path / BEST  # the weights of the lowest validation error
        self.fine_tuned = path / "fine_tuned.json"  # result of early stopping: lowest error and its epoch
        self.wandb_id = path / "wandb_id"
        self.svm = path / "svm.json"  # SVMs on its representations (section 6.6)
        self.svm_picture = path / "svm.png"
        self.svm_candidates = path / "svm.jsonl"
        self.svm_wandb_id = path / "svm_wandb_id"
        self.features = path / "features"

    @classmethod
    def new(cls, name: str, under: Path = Path("runs")) -> "RunFolder":
        """Name a folder that does not exist yet, by what runs there and when."""
        stamp = f"{name}-{datetime.now():%Y%m%d-%H%M%S}"
        candidates = [under / stamp, *(under / f"{stamp}-{i}" for i in range(2, 1000))]
        for path in candidates:
            try:
                path.mkdir(parents=True)
            except FileExistsError:
                continue
            except OSError as error:
                raise SdaeError(f"{under}: cannot be written ({error.strerror}); name a folder as run") from None
            return cls(path)
        raise SdaeError(f"{under}: holds a thousand runs of this second; name a folder as run")

    @property
    def started(self) -> bool:
        """Whether a run was started here."""
        return self.config.is_file()

    @property
    def only_pretrained(self) -> bool:
        """Whether the run ended with the pretrained layers, without fine-tuning."""
        return self.finished and not self.best.exists()

    @property
    def finished(self) -> bool:
        """Whether the run here has its result."""
        return self.result.is_file()

    def layer(self, k: int) -> Path:
        """Return the checkpoint of trained layer ``k``, encoder and decoder, counted from 1."""
        return self.path / f"layer{k}.ckpt"

    def fold(self, k: int) -> "RunFolder":
        """Return the run folder of fold ``k`` of a cross-validation, counted from 0."""
        return RunFolder(self.path / f"fold{k:02d}")

    @property
    def folds(self) -> "list[RunFolder]":
        """The run folders of the folds that are there, in order."""
        return [RunFolder(path) for path in sorted(self.path.glob(FOLDS))]

    def chosen_of_folds(self) -> "list[RunFolder]":
        """Return the run that each fold's study chose, below the folder of a sweep's studies of all folds.

        Returns:
            An empty list where the folder is of anything else.

        Raises:
            SdaeError: If a fold's study has not tested a run, or its weights are not there.
        """
        chosen = []
        for fold in self.folds:
            trials = [RunFolder(path) for path in sorted(fold.path.glob("trial-*"))]
            if not trials:
                return []
            tested = [trial for trial in trials if trial.finished and trial.best.exists()]
            if not tested:
                raise SdaeError(f"{fold.path}: has no tested run with its weights; the same sweep makes it")
            chosen.append(tested[-1])
        return chosen

    def unfinished(self, stage: str) -> Path:
        """Return the checkpoint from which an interrupted stage resumes."""
        return self.path / f"{stage}.unfinished.ckpt"

    def create(self, parameter: str = "run") -> None:
        """Make the folder.

        Args:
            parameter: Name of the parameter, for errors.

        Raises:
            SdaeError: If it cannot be made, or holds something that is not a run.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            has_files = any(not entry.name.startswith(".") for entry in self.path.iterdir())
        except OSError as error:
            raise SdaeError(f"{self.path}: cannot be used as a run folder ({error.strerror})") from None
        if has_files and not self.started:
            raise SdaeError(
                f"{self.path}: is not empty and is not a run folder (no config.yaml); "
                f"name another folder as {parameter}"
            )

    def create_for_svm(self) -> None:
        """Make a folder for SVMs on a problem's raw input, without a run, or take the one of an interrupted search.

        Raises:
            SdaeError: If it cannot be made, or holds a run or anything else.
        """
        if self.started:
            raise SdaeError(f"{self.path}: holds a run; give it as run, or name another folder as output")
        has_svm_results = self.svm.exists() or self.svm_candidates.exists() or self.fold(0).path.exists()
        if not has_svm_results:
            self.create("output")

    def clear(self) -> None:
        """Remove every file of the run, the result first, so that a kill leaves an unfinished run."""
        files = (self.preprocessing, self.commits, self.fine_tuned, self.metrics, self.wandb_id)
        svm = (self.svm, self.svm_picture, self.svm_candidates, self.svm_wandb_id)
        for file in (self.result, *self.path.glob("*.ckpt"), *files, *svm):
            file.unlink(missing_ok=True)
        for fold in self.folds:
            fold.clear()

    def drop_weights(self) -> None:
        """Delete the checkpoints of a run that is no longer needed, the completion marker and the commits.

        Its configuration and its metrics stay, and ``fit`` in this folder trains it again.
        """
        for file in (*self.path.glob("*.ckpt"), self.fine_tuned, self.commits):
            file.unlink(missing_ok=True)

    @contextmanager
    def locked(self, patience: float = 0) -> Iterator[None]:
        """Keep every other process out of the folder.

        Args:
            patience: Seconds to wait for another process to leave.

        Raises:
            SdaeError: If another process is using it.
        """
        lock = FileLock(self.path / ".lock")
        try:
            lock.acquire(timeout=patience)
        except Timeout:
            raise SdaeError(f"{self.path}: another process is using this run") from None
        except OSError as error:
            raise SdaeError(f"{self.path}: cannot be written ({error.strerror})") from None
        try:
            remove_leftovers(self.path)
            yield
        finally:
            lock.release()

    def write_config(self, text: str) -> None:
        """Write the resolved configuration, with which ``fit`` repeats the run."""
        write_text(self.config, text)


def slug(name: str) -> str:
    """Return a name as one that suits folders and shells: ``sae-3-1`` for SAE-3(1), ``nu-0.1`` for ν=0.1.

    It is never empty or ``..``, and has no slash.
    """
    latin = name.lower().replace("ν", "nu").replace("σ", "sigma")
    return re.sub(r"[^\w.]+|_+", "-", latin).strip("-.") or "unnamed"
