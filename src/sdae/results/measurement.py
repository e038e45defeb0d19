"""A measured test error, with everything needed to reproduce it."""

from dataclasses import dataclass, field, replace
from typing import Any, Literal

Source = Literal["study", "run", "svm"]


@dataclass(frozen=True)
class Measurement:
    """A measured test error.

    Attributes:
        problem: Table 1's short name.
        model: The paper's name of its row, ``SDAE-3`` or ``SVM-rbf on layer 2``.
        test_error: A fraction.
        interval: Half width of the 95 % interval, a fraction; over folds, the standard deviation.
        valid_error: A fraction; None if unknown.
        provenance: Of the data: ``original``, ``generated``, ``stand-in`` or ``local``.
        source: Whether a study chose the settings, a single ``fit`` had them, or an SVM was trained on features.
        settings: The chosen settings, by the paper's names; for SVMs C and γ.
        trials: Number of settings that the model selection considered.
        seconds: Time of all of them.
        folder: The run folder, as it was named.
        command: Repeats the measurement.
        seed: Seed of the run.
        versions: Versions of the packages, and ``commit``, that of this code; its value None if unknown.
        weights: Weights of an SVM's features: ``input``, ``pretrained``, ``random`` or ``best``; None for a network.
        folds: Number of folds, if the errors are means over folds.
        runs: The chosen run of each fold, below ``folder``, if every fold has a study.
        examples: In the training, validation and test set.
        labels: Number of training examples with a label, if not all had one; not in the paper's tables.
        draws: Number of draws of these labels, if the errors are means over draws.
        note: Remark on the data.
        axes: Names of the settings that a study has values for, by Table 2; empty for single runs and SVMs.
        searched: Names of the settings that had more than one value to choose from.
        corruption: Kind of noise in training, of the inputs or of an SVM's copies; None for none.
        stack: The network on whose representations an SVM was trained.
        sweep: Name of the study's sweep; None for single runs and SVMs.
        point: The values of a figure's axis, or the ablation's, that the study is of; an SVM has those of the study
            whose run it was asked of. Empty for single runs, and for studies of a table.
    """

    problem: str
    model: str
    test_error: float
    interval: float
    valid_error: float | None
    provenance: str
    source: Source
    settings: dict[str, Any]
    trials: int
    seconds: float
    folder: str
    command: str
    seed: int
    versions: dict[str, str | None]
    weights: str | None = None
    folds: int | None = None
    runs: tuple[str, ...] = ()
    examples: dict[str, float] = field(default_factory=dict)
    labels: float | None = None
    draws: int | None = None
    note: str | None = None
    axes: tuple[str, ...] = ()
    searched: tuple[str, ...] = ()
    corruption: str | None = None
    stack: "Measurement | None" = None
    sweep: str | None = None
    point: dict[str, Any] = field(default_factory=dict)

    @property
    def commit(self) -> str | None:
        """The commit of this code that it was measured with, with a + where files differed from it."""
        return self.versions.get("commit")

    def same_result(self, other: "Measurement") -> bool:
        """Return whether another measurement is of the same result, as those of a run and of its kept copy are."""
        return replace(self, folder=other.folder, command=other.command, stack=other.stack) == other
