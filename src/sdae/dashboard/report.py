"""The W&B report: the results of a sweep beside the paper's."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import wandb_workspaces.reports.v2 as wr
from wandb_workspaces import expr

from sdae.dashboard import panels
from sdae.dashboard.compared import Compared, Searched
from sdae.formatting import markdown_table, percent
from sdae.paper.published import shown_beside
from sdae.settings.table2 import shown
from sdae.tracking.keys import ENDED, METHOD, PROBLEM, VALID_ERROR

ABOUT = """Networks initialised by denoising autoencoders (SDAE), ordinary autoencoders (SAE), RBMs (DBN), or at random
(MLP), each layer trained on the one below it, then fine-tuned as a whole with early stopping: Vincent, Larochelle,
Lajoie, Bengio and Manzagol, *Stacked Denoising Autoencoders*, JMLR 11, 2010. **Hyperparameters are chosen on the
validation set alone**, among Table 2's values or those of the sweep file; the chosen network is tested once, with the
weights of its lowest validation error. Only the runs that were chosen, and fits outside a study, have a test error."""
PROVENANCE = """`provenance` says where the data come from: `original` is the published archive, `generated` was made
again by the published recipe from a seed, `stand-in` are other features of the paper's examples, where its own were
never published, and `local` is a file of one's own. On generated data the examples, and on stand-ins the features, are
not those that the paper's errors were measured on."""
INTERVALS = """± is half the width of the 95 % interval, 1.96·√(e(1−e)/n) on n test examples, as in the paper's tables;
over folds it is the standard deviation. W&B draws no interval on a bar, so the table of runs under each panel has
`test_interval` beside `test_error`, and the paper's (`published`) beside both: fractions, as in `result.json`."""


def build_report(compared: Compared, entity: str, project: str) -> wr.Report:
    """Build the report: what is compared, the errors, and for every problem curves, filters and hyperparameters."""
    blocks: list[Any] = [wr.TableOfContents(), _text(ABOUT, PROVENANCE)]
    blocks += _errors(compared)
    for problem, together in compared.problems.items():
        blocks += _problem(compared, problem, together)
    early = _runs("ended early", [*compared.runs, expr.Metric("State") != "finished"], first=f"summary:{ENDED}")
    blocks += [
        wr.H1(text="Trials that ended early"),
        wr.P(
            text=f"Pruned, diverged or failed: the column {ENDED} says why. Trials that still run have nothing there."
        ),
        wr.PanelGrid(runsets=[early]),
    ]
    return wr.Report(
        entity=entity,
        project=project,
        title=compared.title,
        description="Denoising autoencoders, autoencoders and RBMs, beside the paper's tables",
        blocks=blocks,
        width="fluid",
    )


def _errors(compared: Compared) -> list[Any]:
    if not compared.rows:
        return [wr.H1(text="Test error"), _text(INTERVALS)]
    table = wr.MarkdownBlock(text=errors_table(compared.rows))
    when = f"As of {date.today():%d %B %Y}; the panels below follow the runs."
    notes = dict.fromkeys(row["note"] for row in compared.rows if row["note"])
    return [wr.H1(text="Test error"), table, _text(when, INTERVALS, *notes)]


def _text(*paragraphs: str) -> wr.MarkdownBlock:
    return wr.MarkdownBlock(text="\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs))


def errors_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the table of errors with their intervals, ours beside the paper's.

    Args:
        rows: Of :func:`sdae.sweeps.overview.summarise_sweep`.
    """
    head = ["problem", "method", "chosen", "validation error", "test error", "the paper's", "data", "trials"]
    lines = []
    for row in rows:
        chosen, counts = row["hyperparameters"], row["trials"]
        settings = shown(chosen[0]) if len(chosen) == 1 and chosen[0] else f"one for each of {len(chosen)} folds"
        lines.append(
            [
                row["problem"],
                row["method"],
                "not yet" if None in chosen else settings,
                percent(row["valid_error"]),
                percent(row["test_error"], row["test_interval"]),
                shown_beside(row["published"], row["provenance"]),
                row["provenance"] or "–",
                f"{counts['complete']} done, {counts['pruned']} pruned, {counts['failed']} failed",
            ]
        )
    return markdown_table(head, lines)


def _problem(compared: Compared, problem: str | None, together: Sequence[Searched]) -> list[Any]:
    name = problem or "all problems"
    groups = [METHOD] if problem else [PROBLEM, METHOD]
    runs = _runs(name, compared.runs_on(problem), groups)
    layers = range(1, compared.n_layers + 1)
    curves = [panels.validation_curves(), *map(panels.pretraining_curves, layers)]
    blocks: list[Any] = [
        wr.H1(text=name),
        wr.PanelGrid(runsets=[runs], panels=[panels.errors(), *curves, panels.filter_pictures()]),
    ]
    for searched in together:
        if searched.hyperparameters:
            runs = _runs(searched.title, [*compared.runs_on(problem), searched.runs])
            lines = panels.hyperparameters(searched.hyperparameters, [] if problem else [PROBLEM])
            blocks += [wr.H2(text=searched.title), wr.PanelGrid(runsets=[runs], panels=[lines, panels.importance()])]
    return blocks


def _runs(name: str, found_by: Sequence[expr.FilterExpr], groups: Sequence[str] = (), first: str = "") -> wr.Runset:
    # No entity and no project: they are then the report's own, and need not be looked up to be written down.
    return wr.Runset(
        name=name,
        filters=expr.And(*found_by),
        groupby=[f"config.{key}" for key in groups],
        order=[wr.OrderBy(wr.SummaryMetric(VALID_ERROR), ascending=True)],
        pinned_columns=[*([first] if first else []), *panels.COLUMNS],
    )
