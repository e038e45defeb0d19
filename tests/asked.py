"""Jobs as the command makes them, at the speed of a machine that does not matter."""

from typing import Any

from sdae.reproduce.cost import Costs
from sdae.reproduce.jobs import Job
from sdae.reproduce.scale import Scale
from sdae.reproduce.speed import Speed
from sdae.reproduce.targets import jobs_of

SPEED = Speed(autoencoder=5e-5, rbm=5e-5, fine_tuning=1.5e-4)
COSTS = Costs(SPEED, workers=2)


def asked(target: str, scale: Scale | None = None, **only: Any) -> list[Job]:
    """Return the jobs of a target."""
    return jobs_of(target, scale or Scale(), **only)


def named(target: str, **only: Any) -> dict[str, Job]:
    """Return the jobs of a target by key."""
    return {job.key: job for job in asked(target, **only)}
