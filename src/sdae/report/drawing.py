"""Vega, which draws the plots: in the page's reader, and as files that a Markdown page shows."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sdae.errors import SdaeError
from sdae.files import write_text
from sdae.report.content import Panel, Plot
from sdae.report.curves import specification

WIDTH = 560  # pixels
INK, LINE = "#333333", "#dddddd"


def script() -> str:
    """Return Vega, Vega-Lite and vega-embed as one script.

    Raises:
        SdaeError: If what draws plots is not installed.
    """
    return _library().javascript_bundle("window.vegaEmbed = vegaEmbed;").replace("</script", "<\\/script")


def svg(panel: Panel, beside: Sequence[Panel] = ()) -> str:
    """Return a panel as SVG on white.

    Args:
        panel: What to draw.
        beside: All panels of its figure, in which a name has one colour, and a problem one scale of errors.

    Raises:
        SdaeError: If what draws plots is not installed.
    """
    text = {"labelColor": INK, "titleColor": INK}
    axis = {**text, "titleFontWeight": "normal", "gridColor": LINE}
    config = {"background": "white", "view": {"stroke": LINE}, "legend": text, "title": {"color": INK}, "axis": axis}
    whole = {**specification(panel, beside), "width": WIDTH, "config": config}
    drawn: str = _library().vegalite_to_svg(json.dumps(whole))
    return drawn + "\n"


def write_svgs(plots: Sequence[Plot], into: Path) -> list[Path]:
    """Write the panels of plots as ``NAME-1.svg``, ``NAME-2.svg`` and so on, instead of those that were there.

    Args:
        plots: What to draw.
        into: A folder.

    Raises:
        SdaeError: If what draws plots is not installed, or a file cannot be written.
    """
    written = []
    for plot in plots:
        for old in into.glob(f"{plot.name}-[0-9]*.svg"):
            old.unlink()
        for number, panel in enumerate(plot.panels, start=1):
            file = into / f"{plot.name}-{number}.svg"
            write_text(file, svg(panel, plot.panels))
            written.append(file)
    return written


def _library() -> Any:
    try:
        import vl_convert
    except ImportError:
        raise SdaeError("report: its plots need vl-convert; pip install 'sdae[report]'") from None
    return vl_convert
