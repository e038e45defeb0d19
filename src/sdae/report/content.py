"""What a report consists of, however it is shown: tables of cells, plots and pictures."""

from dataclasses import dataclass
from pathlib import Path

from sdae.paper.published import PublishedCell
from sdae.results.measurement import Measurement


@dataclass(frozen=True)
class Cell:
    """A place in one of the paper's tables.

    Attributes:
        problem: Table 1's short name.
        model: The paper's name of its row.
        paper: What the authors published, None where they print nothing (MLP-3).
        ours: What was measured here, None where it is missing.
        overlaps: Whether the two intervals overlap; None if either is missing.
        paper_best: Whether the paper marks its number: best of its problem, or overlapping with the best.
        our_best: The same for our value, among those measured on that problem, if there are others.
        others: Further measurements of the same cell, which were not chosen.
        finding: Why our value differs from the paper's, if known.
    """

    problem: str
    model: str
    paper: PublishedCell | None
    ours: Measurement | None
    overlaps: bool | None = None
    paper_best: bool = False
    our_best: bool = False
    others: tuple[Measurement, ...] = ()
    finding: str | None = None


@dataclass(frozen=True)
class Table:
    """One of the paper's tables.

    Attributes:
        name: ``table3``.
        title: Its caption.
        problems: Its rows, in the paper's order.
        models: Its columns, in the paper's order.
        cells: By problem and model; every pair has one.
        orderings: In words, for every problem with two or more of our values, whether the paper's ordering holds.
        again: The command that searches for what is missing of the table.
    """

    name: str
    title: str
    problems: tuple[str, ...]
    models: tuple[str, ...]
    cells: dict[tuple[str, str], Cell]
    orderings: dict[str, str]
    again: str


@dataclass(frozen=True)
class Point:
    """A measurement at its place on a plot's axis, a number (layers, ν) in the axis's unit."""

    x: float
    ours: Measurement


@dataclass(frozen=True)
class Curve:
    """One line of a plot."""

    label: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Panel:
    """One pair of axes of a figure.

    Attributes:
        problem: Of which the test errors are.
        x_title: Of the axis, with its unit.
        curves: Ours; empty where nothing was measured.
        log: Whether the axis is logarithmic.
        paper: The paper's own numbers where it prints some: label, x, cell.
    """

    problem: str
    x_title: str
    curves: tuple[Curve, ...]
    paper: tuple[tuple[str, float, PublishedCell], ...] = ()
    log: bool = False


@dataclass(frozen=True)
class Plot:
    """One of Figures 10 to 13, or one beyond the paper.

    Attributes:
        name: ``figure10``.
        short: Its name in the table of contents.
        title: Its caption.
        panels: One for each problem that has something measured; empty where nothing was.
        claims: What the paper's text says of it, each with where it stands.
        again: The command that reproduces it, or one of the paper's figures by another search.
        beyond: What is compared, where the paper has no such figure.
        bars: What the error bars are.
        numbers: Head and rows of a table of all points; where there is none, each point is a row of its own.
        sources: Head and rows: where the numbers come from.
        drawn: The panels as files, where they were drawn of these results.
        note: A person's explanation of our values.
    """

    name: str
    short: str
    title: str
    panels: tuple[Panel, ...]
    claims: tuple[str, ...]
    again: str
    beyond: str | None = None
    bars: str = "95 % intervals"
    numbers: tuple[tuple[str, ...], ...] = ()
    sources: tuple[tuple[str, ...], ...] = ()
    drawn: tuple[Path, ...] = ()
    note: str = ""

    @property
    def searched(self) -> bool:
        """Whether it shows numbers that its command would not repeat, as it searches anew: in the paper's figures."""
        return bool(self.panels) and self.beyond is None


@dataclass(frozen=True)
class Picture:
    """One of Figures 5 to 8 and 15.

    Attributes:
        name: ``figure8``.
        title: Its caption.
        claims: What the paper's text says of it, each with where it stands.
        again: The command that reproduces it.
        file: Our picture, None if there is none.
        numbers: Head and rows of what was measured beside it.
        meaning: What the columns of the numbers are.
        trace: The folder and the seed of every run behind it, and the commit.
    """

    name: str
    title: str
    claims: tuple[str, ...]
    again: str
    file: Path | None = None
    numbers: tuple[tuple[str, ...], ...] = ()
    meaning: str = ""
    trace: str = ""


@dataclass(frozen=True)
class Counts:
    """Comparisons that agree with a claim, are undecided, and disagree."""

    agree: int
    even: int
    disagree: int

    @property
    def any(self) -> bool:
        """Whether there are any."""
        return self.agree + self.even + self.disagree > 0


@dataclass(frozen=True)
class Verdict:
    """How the results compare with one claim of the paper.

    Attributes:
        claim: In words.
        where: Its section, and the table or figure whose numbers are compared.
        ours: Of our numbers.
        paper: Of the paper's numbers in the same comparisons; None if it has only a picture.
    """

    claim: str
    where: str
    ours: Counts
    paper: Counts | None


@dataclass(frozen=True)
class Cost:
    """The cost of a table's numbers.

    Attributes:
        name: ``Table 3``.
        measured: Cells that are measured; ``cells`` is how many there are.
        trials: Trials of studies, and candidates of SVMs.
        seconds: Machine time.
        whole: The same for every combination of Table 2's values, in seconds; None where nothing was searched in it.
    """

    name: str
    measured: int
    cells: int
    trials: int
    seconds: float
    whole: float | None


@dataclass(frozen=True)
class Comparison:
    """A table beyond the paper's.

    Attributes:
        name: ``ablation``.
        short: Its name in the table of contents.
        title: Its caption.
        text: What is compared, and why.
        head: Of the columns.
        rows: As many texts each as the head has.
        again: The commands that reproduce the numbers.
    """

    name: str
    short: str
    title: str
    text: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    again: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """Everything that is shown.

    Attributes:
        tables: Tables 3, 4 and 5.
        plots: Figures 10 to 13, and test error against the number of labels.
        pictures: Figures 5 to 8 and 15.
        paths: The folders searched, as named.
        made: The day, ``2026-11-25``.
        verdicts: Of the paper's claims.
        costs: Of each table.
        comparisons: Beyond the paper: those of which something was found.
        left_aside: Excluded results, each in one line with the reason.
    """

    tables: tuple[Table, ...]
    plots: tuple[Plot, ...]
    pictures: tuple[Picture, ...]
    paths: tuple[str, ...]
    made: str
    verdicts: tuple[Verdict, ...] = ()
    costs: tuple[Cost, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    left_aside: tuple[str, ...] = ()
