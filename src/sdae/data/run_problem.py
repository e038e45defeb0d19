"""A run's problem, from the run's preprocessing; its examples are read when they are needed."""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sdae.data.examples import Examples
from sdae.data.preprocessing import Preprocessing
from sdae.data.problem import Problem
from sdae.data.registry import Sizes
from sdae.errors import MissingData, SdaeError

log = logging.getLogger(__name__)

MAIN = ("path", "features", "audio")  # parameters of problems that name the user's files, and the others
OTHERS = ("valid", "test", "unlabelled")
WITHOUT_DATA = "no-data.npz"  # in the configuration of a run that was never on a file
PLACE = "name {} by the option path, in Python by data"


class RunProblem(Problem):
    """The problem of a run: sizes, shape, classes and range without the data; with them, the run's own examples.

    Args:
        preprocessing: The run's preprocessing.
        build: Builds the problem from its configuration; called when examples are needed.
    """

    def __init__(self, preprocessing: Preprocessing, build: Callable[[], Problem]) -> None:
        """Take over what is known."""
        self.name, self.sizes = preprocessing.problem, Sizes(*preprocessing.sizes)
        super().__init__()
        self.kept, self._build = preprocessing, build
        self._problem: Problem | None = None
        self.provenance = preprocessing.provenance  # type: ignore[assignment]
        self.n_features, self.n_classes = preprocessing.n_features, preprocessing.n_classes
        self.class_names, self.value_range = preprocessing.classes, preprocessing.value_range
        self.image_shape, self.observed = preprocessing.image_shape, preprocessing.observed
        self.scaling, self.encoding = preprocessing.scaling, preprocessing.encoding
        self.note, self.fold, self.folds = preprocessing.note, preprocessing.fold, preprocessing.folds  # type: ignore[misc]
        self.fingerprint = preprocessing.fingerprint

    def load(self) -> None:
        """Read the examples, and do to them what the run did; say where they have changed since.

        Raises:
            SdaeError: If they cannot be read, or are no longer what the network takes.
        """
        if self._problem is not None:
            return
        try:
            problem = self._build()
        except MissingData as error:
            if WITHOUT_DATA in str(error):
                message = f"{self.name}: was saved without its data; {PLACE.format('a file with x and t')}"
            else:
                message = f"{error}; if the data have moved, {PLACE.format('the new place')}"
            raise MissingData(message) from None
        load_as_in_run(problem, self.preprocessing)
        if changed(problem, self.preprocessing):
            log.warning("%s: the data are not those that the run was trained on: they have changed since", self.name)
        elif self.preprocessing.fingerprint is None and problem.fingerprint is not None:
            log.warning(
                "%s: the %d test examples, drawn from all %d, can be among those the saved estimator was trained on",
                *(self.name, len(problem.test.t), sum(len(t) for _, t in problem.splits.values())),
            )
        self._problem = problem
        self.train, self.valid, self.test = problem.train, problem.valid, problem.test

    def prepare_data(self) -> None:
        """Read the examples."""
        self.load()

    def setup(self, stage: str | None = None) -> None:
        """Read the examples."""
        self.load()

    def where(self, split: str) -> list[str]:
        """Return the name of each example of a split."""
        self.load()
        assert self._problem is not None
        return self._problem.where(split)

    @property
    def preprocessing(self) -> Preprocessing:
        """The run's preprocessing."""
        assert self.kept is not None
        return self.kept

    @property
    def splits(self) -> dict[str, Examples]:
        """The three splits by name."""
        self.load()
        return super().splits


def load_as_in_run(problem: Problem, kept: Preprocessing) -> None:
    """Load a problem, and do to its inputs what a run did to its own.

    Raises:
        SdaeError: If the problem cannot be loaded, or has other classes or another number of components.
    """
    classes = tuple(problem.class_name(k) for k in range(problem.n_classes))
    if kept.classes and classes != kept.classes:  # a run without classes takes any
        raise SdaeError(
            f"{problem.name}: the data have {len(classes)} classes ({_some(classes)}), those that the run was trained "
            f"on {len(kept.classes)} ({_some(kept.classes)})"
        )
    if kept.encoding is None and problem.n_features != kept.n_features:
        raise SdaeError(
            f"{problem.name}: the data have {problem.n_features} components, those that the run was trained on "
            f"{kept.n_features}"
        )
    problem.load_as(kept)


def changed(problem: Problem, kept: Preprocessing) -> bool:
    """Whether a loaded problem's data are local, and others than a run was trained on."""
    return None not in (problem.fingerprint, kept.fingerprint) and problem.fingerprint != kept.fingerprint


def files_in(init_args: Mapping[str, Any]) -> list[Path]:
    """Return the user's files and folders that a problem's parameters name."""
    values = [init_args[key] for key in (*MAIN, *OTHERS) if init_args.get(key) is not None]
    return [Path(file) for value in values for file in (value if isinstance(value, list | tuple) else [value])]


def moved(data: Mapping[str, Any], place: Path) -> dict[str, Any]:
    """Return the section ``data`` of a configuration with the user's files in another place.

    Args:
        data: The section, with ``init_args``.
        place: The main file, beside which further ones are looked for by their names where they are not where they
            were; or a folder, where all are looked for by their names.

    Raises:
        SdaeError: If the problem is not one of the user's files, or the place is missing.
    """
    init_args = dict(data.get("init_args") or {})
    main = next((key for key in MAIN if init_args.get(key) is not None), None)
    if main is None:
        raise SdaeError(f"path {place}: the run's data are not files of yours; the data folder is $SDAE_DATA")
    place = Path(place).expanduser().absolute()
    if not place.exists():
        raise SdaeError(f"path {place}: no such file or folder")
    for key in (main, *OTHERS):
        if (old := init_args.get(key)) is not None:
            init_args[key] = _new_place(old, place, main=key == main)
    return {**data, "init_args": init_args}


def _new_place(old: Any, place: Path, main: bool) -> Any:
    if isinstance(old, list | tuple):
        parts = [_new_place(part, place if place.is_dir() else place.parent, main) for part in old]
        return type(old)(parts)
    inside = place / Path(old).name if place.is_dir() else place.parent / Path(old).name
    if main:
        new = inside if place.is_dir() and inside.exists() else place
    else:
        new = Path(old) if Path(old).exists() and not inside.exists() else inside
    return type(old)(new) if isinstance(old, str) else new


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
