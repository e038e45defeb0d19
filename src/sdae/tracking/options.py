"""The options of tracking, without importing W&B."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from sdae.errors import SdaeError

Mode = Literal["auto", "online", "offline", "off"]
Resolved = Literal["online", "offline", "off"]

TAG = 64  # characters of a tag at most
TRIAL = "trial"  # the job type of trials; that of other runs is fit
NAME = 128  # characters of a project's, a group's and a run's name at most


@dataclass
class Tracking:
    """Where a run is tracked, beside its own folder.

    Args:
        wandb: auto (online where you are logged in and W&B can be reached, else offline), online, offline or off. It
            never asks for input.
        project: W&B project.
        group: W&B group; a study's name.
        job_type: W&B job type.
        tags: W&B tags, beside the problem and the method; at most 64 characters each.
        name: W&B run name; default: the run folder's.

    Raises:
        SdaeError: If a tag is empty or too long.
    """

    wandb: Mode = "auto"
    project: str = "sdae"
    group: str | None = None
    job_type: str = "fit"
    tags: list[str] = field(default_factory=list)
    name: str | None = None

    def __post_init__(self) -> None:
        """Check the tags."""
        check_tags(self.tags, "tracking.tags")

    @property
    def mode(self) -> Resolved:
        """Resolve auto, without asking and without the network.

        Raises:
            Untrackable: If ``WANDB_MODE`` is not one of W&B's modes, and applies.
        """
        if self.wandb == "off":
            return "off"
        from sdae.tracking.wandb_run import logged_in, mode_of_environment  # importing W&B takes a while

        environment = mode_of_environment()
        if self.wandb != "auto":
            return self.wandb
        return environment or ("online" if logged_in() else "offline")


def check_tags(tags: Sequence[str], key: str) -> None:
    """Refuse tags that W&B does not take.

    Raises:
        SdaeError: If one is empty or too long; names ``key``.
    """
    for tag in tags:
        if not 0 < len(tag) <= TAG:
            raise SdaeError(
                f"{key}: at most {TAG} characters and not empty, as W&B requires of tags; {tag!r} has {len(tag)}"
            )
