"""The report as one page of HTML that needs nothing else: styles, plots and pictures are in it."""

import base64
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from sdae.errors import SdaeError
from sdae.formatting import duration, percent
from sdae.report.content import Cell, Report, Table
from sdae.report.curves import specification
from sdae.report.drawing import script
from sdae.report.marks import mark, shown_in_a_table
from sdae.report.texts import AGAIN, COSTS, NOT_MEASURED, NOTES, VERDICTS, after_command, before_command
from sdae.settings.table2 import shown

SHORT = {
    "SDAE-3 masking": "SDAE-3 masking",
    "SDAE-3 masking emphasized": "masking, emphasized",
    "SDAE-3 salt-and-pepper": "salt-and-pepper",
    "SDAE-3 salt-and-pepper emphasized": "salt-and-pepper, emphasized",
    "SDAE-3 gaussian": "Gaussian",
}
MEANING = {
    "≈": "intervals overlap with the paper's",
    "▲": "worse than the paper's, and the intervals do not overlap",
    "▼": "better than the paper's, and the intervals do not overlap",
}


def page(report: Report) -> str:
    """Return the page.

    Raises:
        SdaeError: If there are plots and what draws them is not installed, or a picture cannot be read.
    """
    environment = Environment(
        loader=PackageLoader("sdae.report", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {
        "number": shown_in_a_table,
        "percent": percent,
        "duration": duration,
        "settings": shown,
        "embedded": _embedded,
        "short": short,
        "typeset": _typeset,
        "of_problem": lambda model, table, problem: table.cells[problem, model].ours,
    }
    specifications = [specification(panel, plot.panels) for plot in report.plots for panel in plot.panels]
    return environment.get_template("page.html").render(
        report=report,
        mark=mark,
        meaning=MEANING,
        identify=_identify,
        verdicts=_typeset(VERDICTS),
        costs=_typeset(COSTS),
        searched_again=_typeset(AGAIN),
        notes=NOTES,
        not_measured=NOT_MEASURED,
        before_command=before_command,
        after_command=after_command,
        style=(files("sdae.report") / "style.css").read_text(encoding="utf-8"),
        specifications=_in_a_script(specifications),
        drawing=script() if specifications else "",
    )


def short(model: str, table: Table) -> str:
    """Return the head of a column."""
    return model.partition(" on ")[2] if table.name == "table5" else SHORT.get(model, model)


def _identify(table: Table, cell: Cell) -> str:
    return f"{table.name}-{table.problems.index(cell.problem)}-{table.models.index(cell.model)}"


def _typeset(text: str) -> str:
    return text.replace("'", "’")


def _embedded(file: Path) -> str:
    try:
        return f"data:image/png;base64,{base64.b64encode(file.read_bytes()).decode()}"
    except OSError as error:
        raise SdaeError(f"{file}: cannot be read ({error.strerror})") from None


def _in_a_script(values: Any) -> str:
    """Return values as JSON that cannot end the script it stands in."""
    return json.dumps(values, ensure_ascii=False).replace("<", "\\u003c")
