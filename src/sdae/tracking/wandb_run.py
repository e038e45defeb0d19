"""Opens a W&B run, so that failures of tracking do not stop training.

With ``auto`` a run that cannot be tracked online is tracked offline, and one that cannot be tracked offline is not
tracked: with one warning per process. A mode that was requested (``online``, ``offline``) raises an error if it fails.

W&B takes most of a second to import, so it is imported by those functions that use it: not where tracking is off.
"""

import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from sdae.errors import SdaeError
from sdae.tracking.options import Resolved

log = logging.getLogger(__name__)

MODES: dict[str, Resolved | None] = {  # of WANDB_MODE
    **{"online": "online", "run": "online", "shared": "online"},
    **{"offline": "offline", "dryrun": "offline", "disabled": "off"},
}

INIT_TIMEOUT = 30  # seconds; W&B's own default is 90. $WANDB_INIT_TIMEOUT overrides it
# Modes that failed in this process, and are not tried again: reachability of W&B is a condition of the machine, and a
# worker, which would wait that long each time, opens a run for each of a thousand trials.
_failed: set[Resolved] = set()


class Untrackable(SdaeError):
    """W&B is not available in the mode that was requested; training has not begun."""


def mode_of_environment() -> Resolved | None:
    """Return the mode that ``WANDB_MODE`` asks for; None if it is not set.

    Raises:
        Untrackable: If it is not one of W&B's.
    """
    value = os.environ.get("WANDB_MODE")
    if not value:
        return None
    if value not in MODES:
        raise Untrackable(f"WANDB_MODE: online, offline or disabled, not {value}")
    return MODES[value]


def shortened(text: str, length: int) -> str:
    """Return a text of at most ``length`` characters; one that is longer ends with an ellipsis."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def logged_in() -> bool:
    """Return whether there is a login, without asking and without the network; an invalid one is reported."""
    import wandb
    from wandb.sdk import wandb_setup

    try:
        settings = wandb_setup.singleton().settings
        before = settings.silent
        # Else it asks the server who the user is, to say so on screen: for five seconds where there is no network.
        settings.silent = True
        try:
            return bool(wandb.login(prompt=False, verify=False))
        finally:
            settings.silent = before  # of the runs that the caller's own program may start
    except _failures() as error:
        _say_once("online", error, "offline")
        return False


def open_run(mode: Resolved, fallback: bool, folder: Path, run_id: str | None, **options: Any) -> Any | None:
    """Open a W&B run.

    Args:
        mode: online or offline; off opens none.
        fallback: Whether to track offline if online fails, and not at all if offline fails.
        folder: W&B's files go below it.
        run_id: Of an interrupted run; None for a new one, also where ``WANDB_RUN_ID`` names one.
        options: Of ``wandb.init``.

    Returns:
        The run; None if there is none.

    Raises:
        Untrackable: If it cannot be opened, and there is no fallback.
    """
    order: tuple[Resolved, ...] = ("online", "offline", "off")
    for attempt in order[order.index(mode) :]:
        if attempt == "off":
            return None
        if fallback and attempt in _failed:
            continue
        try:
            return _init(attempt, folder, run_id or secrets.token_hex(4), options)
        except _failures() as error:
            if not fallback:
                raise Untrackable(f"tracking.wandb: {first_line(error)}; set it to offline, or off") from None
            _say_once(attempt, error, order[order.index(attempt) + 1])
    return None


def _init(mode: Literal["online", "offline"], folder: Path, run_id: str, options: dict[str, Any]) -> Any:
    import wandb

    # Not by WandbLogger, which passes an option about which W&B only warns.
    settings = wandb.Settings(silent=True, console="off")
    if not os.environ.get("WANDB_INIT_TIMEOUT"):
        settings.init_timeout = INIT_TIMEOUT
    return wandb.init(mode=mode, dir=folder, id=run_id, resume="allow", settings=settings, **options)


def _failures() -> tuple[type[Exception], ...]:
    import wandb

    return wandb.Error, ValueError, OSError  # ValueError: pydantic's, of a setting from the environment


@contextmanager
def forgiven() -> Iterator[None]:
    """Let training continue if W&B fails, as ``metrics.csv`` has all metrics. The failure is reported once."""
    import wandb

    try:
        yield
    except (wandb.Error, ConnectionError) as error:
        _say_once("online", error, "metrics.csv alone")


def _say_once(mode: Resolved, error: BaseException, instead: str) -> None:
    if mode not in _failed:
        log.warning("W&B: %s fails (%s); tracked instead: %s", mode, first_line(error), instead)
    _failed.add(mode)


def first_line(error: BaseException) -> str:
    """Return an error's message in one line."""
    return (" ".join(str(error).split()) or type(error).__name__)[:300]
