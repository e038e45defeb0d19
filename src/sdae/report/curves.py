"""Draws a panel of a figure: a Vega-Lite specification."""

from collections.abc import Iterator, Sequence
from typing import Any

from sdae.formatting import percent
from sdae.report.content import Panel
from sdae.settings.table2 import shown

OURS, PAPERS = "measured here", "the paper's"
# Okabe and Ito's colours, distinguishable by the colour-blind, and readable on white and on black.
COLOURS = ("#0090d8", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#7a7ad8")
HEIGHT = 280  # pixels


def specification(panel: Panel, beside: Sequence[Panel] = ()) -> dict[str, Any]:
    """Return a plot of test errors in percent with their intervals, the paper's numbers hollow and dashed.

    A click on a curve's name in the legend dims the others; a tooltip describes each point.
    Colours of axes and text are left to the page, which has two schemes.

    Args:
        panel: What to draw.
        beside: All panels of its figure, in which a name has one colour, and a problem one scale of errors.
    """
    labels = _labels([panel])
    of_figure = _labels([*beside, panel])
    colours = [COLOURS[of_figure.index(label) % len(COLOURS)] for label in labels]
    x = {"field": "x", "type": "quantitative", "title": panel.x_title, **_axis(panel)}
    error = {"field": "error", "type": "quantitative", "title": "test error, %", "scale": _errors(panel, beside)}
    colour = {
        "field": "curve",
        "type": "nominal",
        "title": None,
        "scale": {"domain": labels, "range": colours},
        "legend": {"orient": "bottom", "columns": 2, "labelLimit": 240, "symbolType": "circle"},
    }
    dimmed = {"condition": {"param": "chosen", "value": 1}, "value": 0.12}
    dashes = {
        "field": "whose",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": [OURS, PAPERS], "range": [[1, 0], [4, 4]]},
    }
    line = {
        "params": [{"name": "chosen", "select": {"type": "point", "fields": ["curve"]}, "bind": "legend"}],
        "mark": {"type": "line", "strokeWidth": 1.5},
        "encoding": {"y": error, "strokeDash": dashes},
    }
    intervals = {
        "mark": {"type": "rule", "strokeWidth": 1.5},
        "encoding": {"y": {**error, "field": "low"}, "y2": {"field": "high"}},
    }
    points = [_points(OURS, error, {"filled": True})]
    points += [_points(PAPERS, error, {"filled": False, "shape": "diamond"})] if panel.paper else []
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": "container",
        "height": HEIGHT,
        "title": {"text": panel.problem, "anchor": "start"},
        "data": {"values": list(_values(panel))},
        "encoding": {"x": x, "color": colour, "opacity": dimmed},
        "layer": [line, intervals, *points],
    }


def _labels(panels: Sequence[Panel]) -> list[str]:
    ours = [curve.label for panel in panels for curve in panel.curves]
    return list(dict.fromkeys([*ours, *(label for panel in panels for label, _, _ in panel.paper)]))


def _errors(panel: Panel, beside: Sequence[Panel]) -> dict[str, Any]:
    """Return the scale of errors, with those of the other panels of the problem, to which they are compared."""
    compared = [each for each in beside if each.problem == panel.problem]
    values = [value for each in compared for value in _values(each)]
    if len(compared) < 2 or not values:
        return {"zero": False}
    return {"zero": False, "domain": [min(v["low"] for v in values), max(v["high"] for v in values)], "nice": True}


def _points(whose: str, error: dict[str, Any], shape: dict[str, Any]) -> dict[str, Any]:
    fields = ["curve", "whose", "x", "test error", *(["settings", "data", "run"] if whose == OURS else [])]
    return {
        "transform": [{"filter": f'datum.whose == "{whose}"'}],
        "mark": {"type": "point", "size": 64, **shape},
        "encoding": {"y": error, "tooltip": [{"field": name} for name in fields]},
    }


def _axis(panel: Panel) -> dict[str, Any]:
    """Mark the places that were measured, where they are few; the axis needs not begin at 0."""
    places = sorted({point.x for curve in panel.curves for point in curve.points} | {x for _, x, _ in panel.paper})
    if panel.log:
        return {
            "scale": {"type": "log", "domain": [places[0] / 1.2, places[-1] * 1.2], "nice": False},
            "axis": {"values": places, "grid": False, "format": ",d"},
        }
    room = (places[-1] - places[0]) * 0.06 or 1
    return {
        "scale": {"domain": [places[0] - room, places[-1] + room], "nice": False},
        "axis": {"values": places, "grid": False},
    }


def _values(panel: Panel) -> Iterator[dict[str, Any]]:
    for curve in panel.curves:
        for point in curve.points:
            ours = point.ours
            yield {
                **_place(curve.label, OURS, point.x, ours.test_error, ours.interval),
                "settings": shown(ours.settings),
                "data": ours.provenance,
                "run": ours.folder,
            }
    for label, x, cell in panel.paper:
        yield _place(label, PAPERS, x, cell.test_error, cell.interval)


def _place(curve: str, whose: str, x: float, error: float, half_width: float) -> dict[str, Any]:
    return {
        "curve": curve,
        "whose": whose,
        "x": x,
        "error": round(100 * error, 4),
        "low": round(100 * (error - half_width), 4),
        "high": round(100 * (error + half_width), 4),
        "test error": percent(error, half_width),
    }
