"""Jobs as the command makes them, at the speed of a machine that does not matter."""

from typing import Any

from sdae.cli.reproducing import _method, _shipped_sweep
from sdae.reproduce.cost import Costs
from sdae.reproduce.jobs import Job
from sdae.reproduce.speed import Speed
from sdae.reproduce.targets import Scale, Sources, jobs_of

SPEED = Speed(autoencoder=1e-3, rbm=1e-3, fine_tuning=3e-3)
COSTS = Costs(SPEED, workers=2)


def asked(target: str, scale: Scale | None = None, **only: Any) -> list[Job]:
    """Return the jobs of a target."""
    return jobs_of(target, Sources(_shipped_sweep, _method, scale or Scale()), **only)


def named(target: str, **only: Any) -> dict[str, Job]:
    """Return the jobs of a target by key."""
    return {job.key: job for job in asked(target, **only)}
