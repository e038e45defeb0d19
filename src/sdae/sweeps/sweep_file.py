"""The sweep file: its keys and their defaults."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from sdae.config.building import SECTIONS
from sdae.config.typed import read_as
from sdae.config.yaml_files import read_mapping
from sdae.errors import SdaeError
from sdae.sweeps.space import Space

SamplerName = Literal["tpe", "random", "grid", "list"]
TRIALS = 50  # of a study, by default
WARMUP = 10  # epochs, by default
PrunerName = Literal["median", "halving", "none"]


@dataclass
class Part:
    """Problems and methods of which every pair is studied.

    Args:
        problems: Short names, of conf/data/, or YAML files.
        methods: Short names, of conf/method/, or YAML files.
        space: The values to consider; default: the sweep's.
        settings: Fixed values, sections of a run's configuration as in conf/experiment/, on top of the sweep's.
        each: Hyperparameters of which every value gets a study of its own, and so a test error: a figure's axis. Each
            is considered for one of the methods at least; those without it have one study.
        given: Hyperparameters of the first trials; default: the sweep's.
        trials: Number of trials of these studies, for tpe and random; default: the sweep's.

    Raises:
        SdaeError: If there is no problem or no method, or ``trials`` is below 1.
    """

    problems: list[str]
    methods: list[str]
    space: Space = field(default_factory=Space)
    settings: dict[str, Any] = field(default_factory=dict)
    each: list[str] = field(default_factory=list)
    given: list[dict[str, Any]] | None = None
    trials: int | None = None

    def __post_init__(self) -> None:
        """Check that there are problems and methods."""
        if self.trials is not None and self.trials < 1:
            raise SdaeError(f"studies.trials: at least 1, not {self.trials}")
        for name in ("problems", "methods"):
            if not getattr(self, name):
                raise SdaeError(f"studies.{name}: empty; name at least one")


@dataclass
class Sweep:
    """A sweep file.

    Args:
        studies: Problems and methods to study.
        sampler: tpe (Optuna's TPE, after ten trials, first those in ``given``, then at random), random (that many
            different cells of the grid), grid (every cell), or list (the cells in ``given``).
        trials: Number of trials of a study, for tpe and random; default: 50; at most the number of cells in the grid.
        hours: Maximum total time for which a study's trials run, after which none is started; default: no limit. It is
            the sum over all workers, without the time in which one waited for a layer that another trained.
        seed: Seed of the draw; a trial's own is settings.seed_everything, 1 for all.
        pruner: Ends bad trials by the validation curve in fine-tuning: median (worse than the median of the
            trials before it at that epoch), halving (successive halving), or none. Divergence always ends a trial.
        warmup: Epochs of fine-tuning before a trial can be pruned; default: 10; not with pruner none.
        space: The values to consider for all studies; default: Table 2's.
        settings: Fixed values for all studies, sections of a run's configuration.
        given: Hyperparameters by the paper's names, one mapping per trial: for list all the trials, for tpe the first,
            if good settings are known; TPE uses their results, and draws the others.
        heartbeat: Seconds between two heartbeats of a worker; after three missed ones a worker is considered
            dead, and its trial is requeued.
        cache: Gigabytes, in the sweep's folder until the sweep is finished, for the pretrained layers that trials share
            (with 1, 2 or 3 hidden layers, and at any learning rate of fine-tuning): each is trained once, and its
            training resumed for more epochs. The least recently used are evicted first. 0 for no cache; the numbers
            are the same.

    Raises:
        SdaeError: If a value is out of range, or is not used by the sampler.
    """

    studies: list[Part]
    sampler: SamplerName = "tpe"
    trials: int | None = None
    hours: float | None = None
    seed: int = 1
    pruner: PrunerName = "median"
    warmup: int | None = None
    space: Space = field(default_factory=Space)
    settings: dict[str, Any] = field(default_factory=dict)
    given: list[dict[str, Any]] = field(default_factory=list)
    heartbeat: int = 60
    cache: float = 20.0

    def __post_init__(self) -> None:
        """Check every value on its own."""
        for name in ("trials", "heartbeat"):
            if (value := getattr(self, name)) is not None and value < 1:
                raise SdaeError(f"{name}: at least 1, not {value}")
        for name in ("warmup", "cache"):
            if (value := getattr(self, name)) is not None and not value >= 0:
                raise SdaeError(f"{name}: must not be negative: {value}")
        if self.pruner == "none" and self.warmup is not None:
            raise SdaeError("warmup: pruner: none ends no trial early; leave it out")
        if self.hours is not None and not self.hours > 0:
            raise SdaeError(f"hours: a positive number, not {self.hours}")
        if not self.studies:
            raise SdaeError("studies: empty; name at least one problem and one method")
        given = [self.given if part.given is None else part.given for part in self.studies]
        if self.sampler == "list" and not all(given):
            raise SdaeError("given: a list of hyperparameters; sampler: list needs one")
        if self.sampler in ("random", "grid") and any(given):
            raise SdaeError(f"given: with sampler: list, or tpe, which begins with them; not with {self.sampler}")
        budgets = [self.trials, *(part.trials for part in self.studies)]
        if self.sampler in ("grid", "list") and any(budget is not None for budget in budgets):
            raise SdaeError(f"trials: with sampler: tpe or random; {self.sampler} has a trial for every cell; omit it")

    def budget(self, part: Part) -> int:
        """Return the number of trials of a study by tpe or random."""
        return part.trials or self.trials or TRIALS


def read_sweep(path: Path) -> Sweep:
    """Read a sweep file.

    Raises:
        SdaeError: If it cannot be read, or a value cannot be used; names the file and the key.
    """
    content = read_mapping(path)
    if "class_path" in content:
        raise SdaeError(f"{path}: describes a problem, not a sweep; name it in the problems of a sweep's studies")
    if run := next((name for name in (*SECTIONS, "data") if name in content), None):
        raise SdaeError(
            f"{path}: describes a run, not a sweep: {run} belongs into settings; fit takes the file as it is"
        )
    return read_as(Sweep, path)
