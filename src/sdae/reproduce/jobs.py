"""Jobs: studies, SVMs and figures, each run by one of the other commands."""

from dataclasses import dataclass
from typing import Any

from sdae.settings.fine_tuning import FineTuning
from sdae.settings.pretraining import Pretraining
from sdae.sweeps.space import Axes, Params


@dataclass(frozen=True)
class Method:
    """A file of conf/method/ or conf/experiment/: how a network is initialised and trained, and how large it is."""

    name: str
    pretraining: Pretraining
    fine_tuning: FineTuning
    n_layers: int
    n_units: int = 1000


@dataclass(frozen=True)
class Job:
    """A unit of work, run by one command.

    Attributes:
        key: Unique name, such as ``rect/SDAE-3``.
        problem: Short name, of conf/data/.
        method: Short name as the command line has it: of conf/method/; or the command, ``svm``, ``filters`` or
            ``samples``.
        shown: Its name in a table on screen.
    """

    key: str
    problem: str
    method: str
    shown: str


@dataclass(frozen=True)
class StudyJob(Job):
    """A model selection with a test error at its end: a study, or one per fold.

    Attributes:
        sweep: Its sweep, by which its file and folder are named.
        network: The method of its networks.
        model: The paper's name of the method on this problem.
        point: The values of a figure's axis for this study.
        fixed: Values that a study of another sweep must be restricted to, to count.
        free: Axes of Figures 10 to 12 that a study of another sweep must search too, to count.
        space: The values considered; default: Table 2's.
        axes: All values considered.
        given: The cells of its first trials.
        settings: Sections of a run's configuration.
        trials: Number of trials of the whole study.
    """

    sweep: str
    network: Method
    model: str
    point: Params
    fixed: Axes
    free: tuple[str, ...]
    space: Axes
    axes: Axes
    given: list[Params]
    settings: dict[str, Any]
    trials: int


@dataclass(frozen=True)
class SvmJob(Job):
    """Table 3's SVM on the raw input of a problem."""


@dataclass(frozen=True)
class LayersJob(Job):
    """Table 5's SVMs on every layer of the chosen SDAE-3 with 1,000 units per layer, before fine-tuning.

    Attributes:
        stack: The study that chooses it, if no other has.
    """

    stack: StudyJob


@dataclass(frozen=True)
class FitJob(Job):
    """One network for a picture.

    Attributes:
        experiment: File name in conf/experiment/.
        network: The network to train.
        flags: Settings on top of the file's.
        folder: Run folder, below the folder of runs.
    """

    experiment: str
    network: Method
    flags: dict[str, Any]
    folder: str


@dataclass(frozen=True)
class PictureJob(Job):
    """A figure of trained networks.

    Attributes:
        runs: Run folders, below the folder of runs.
        options: Options of the command.
        output: File name of the picture, below the folder of runs.
    """

    runs: tuple[str, ...]
    options: dict[str, Any]
    output: str
