"""What a person reads: errors in percent, durations, aligned tables, and how a command begins."""

from collections.abc import Iterable, Sequence

CHECKOUT = "python src/cli.py"  # the command line in a checkout, as in files, reports and messages


def percent(error: float | None, half_width: float | None = None, unit: str = " %") -> str:
    """Show an error as the paper's tables do, ``2.84 ± 0.15 %``, or a dash where there is none.

    Args:
        error: A fraction.
        half_width: Half width of its interval, a fraction.
        unit: Suffix; empty if a table's head names the unit.
    """
    if error is None:
        return "–"
    if half_width is None:
        return f"{100 * error:.2f}{unit}"
    return f"{100 * error:.2f} ± {100 * half_width:.2f}{unit}"


def duration(seconds: float) -> str:
    """Show seconds in hours, minutes and seconds: ``1 h 05 min``, ``2 min 03 s``, ``8 s``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02d} min"
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Align columns with two spaces between them."""
    widths = [max(len(line[i]) for line in (head, *rows)) for i in range(len(head))]
    lines = [head, ["─" * width for width in widths], *rows]
    return "\n".join("  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip() for line in lines)


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
