"""Every command that is no training: a plain typed function, whose docstring is its help."""

from collections.abc import Callable
from typing import Any

from sdae.cli import data
from sdae.cli.dashboard import dashboard
from sdae.cli.export import export
from sdae.cli.filters import filters
from sdae.cli.report import report
from sdae.cli.reproduce import reproduce
from sdae.cli.samples import samples
from sdae.cli.svm import svm
from sdae.cli.sweep import sweep

COMMANDS: dict[str, Callable[..., Any]] = {
    "data list": data.list_problems,
    "data prepare": data.prepare,
    "data show": data.show,
    "svm": svm,
    "filters": filters,
    "samples": samples,
    "export": export,
    "sweep": sweep,
    "reproduce": reproduce,
    "report": report,
    "dashboard": dashboard,
}
