"""The settings of a scaled-down version, for testing."""

from dataclasses import dataclass, field
from typing import Any

from sdae.errors import SdaeError
from sdae.sweeps.space import Space


@dataclass
class Scale:
    """The settings of a scaled-down version that differ from the paper's: a file of these keys.

    Args:
        space: The values to consider for all studies.
        settings: Fixed values for all studies, sections of a run's configuration; data and tracking for figures too.
        trials: Trials of a study.
        heartbeat: Seconds between two heartbeats of a worker.
        C: Coarse grid of the SVMs' C.
        gamma: Coarse grid of the SVMs' γ, as multiples of 1 / (d · variance).
        fine: Whether the SVMs' search continues in half decades.
    """

    space: Space = field(default_factory=Space)
    settings: dict[str, Any] = field(default_factory=dict)
    trials: int | None = None
    heartbeat: int = 60
    C: list[float] | None = None
    gamma: list[float] | None = None
    fine: bool = True

    def __post_init__(self) -> None:
        for name in ("trials", "heartbeat"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise SdaeError(f"{name}: at least 1, not {value}")
