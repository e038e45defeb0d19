"""Charts of runs on W&B; every key is one that runs log (:mod:`sdae.tracking.keys`)."""

from collections.abc import Sequence

import wandb_workspaces.reports.v2 as wr

from sdae.settings.table2 import KEYS
from sdae.tracking.keys import (
    FILTERS,
    FIT,
    FREE_ENERGY_GAP,
    LOSS,
    METHOD,
    PROBLEM,
    PROVENANCE,
    PUBLISHED_ERROR,
    PUBLISHED_INTERVAL,
    TEST_ERROR,
    TEST_INTERVAL,
    VALID_ERROR,
    epoch_axis,
    in_stage,
    pretraining_stage,
)

ON_A_LOG_SCALE = ("lRate", "lRateSup")
COLUMNS = (
    *(f"config:{key}.value" for key in (PROBLEM, METHOD)),
    *(f"summary:{key}" for key in (VALID_ERROR, TEST_ERROR, TEST_INTERVAL, PUBLISHED_ERROR, PUBLISHED_INTERVAL)),
    f"summary:{PROVENANCE}",
)


def errors() -> wr.BarPlot:
    """Draw the test error of each method beside the paper's; the runs that were tested are those chosen."""
    return wr.BarPlot(
        title="test error, and the paper's (fractions)",
        metrics=[TEST_ERROR, PUBLISHED_ERROR],
        range_x=(0, None),
        groupby=wr.Config(METHOD),
        groupby_aggfunc="mean",
        layout=wr.Layout(w=12, h=8),
    )


def validation_curves() -> wr.LinePlot:
    """Draw the validation error over the epochs of fine-tuning: a method's mean over its trials, and their range."""
    return _curves(FIT, VALID_ERROR, "validation error in fine-tuning", "fraction of the validation set")


def training_curves() -> wr.LinePlot:
    """Draw what fine-tuning minimises."""
    return _curves(FIT, LOSS, "loss in fine-tuning", "negative log-likelihood per example")


def pretraining_curves(layer: int) -> wr.LinePlot:
    """Draw the reconstruction error over the epochs in which a layer, counted from 1, is pretrained."""
    return _curves(pretraining_stage(layer), LOSS, f"pretraining of layer {layer}", "reconstruction error per example")


def rbm_curves(layer: int) -> wr.LinePlot:
    """Draw how much better an RBM explains its training set than the validation set: it grows as it overfits."""
    title = f"pretraining of layer {layer}, RBMs alone"
    return _curves(pretraining_stage(layer), FREE_ENERGY_GAP, title, "free energy, validation less training")


def _curves(stage: str, metric: str, title: str, unit: str) -> wr.LinePlot:
    return wr.LinePlot(
        title=title,
        x=epoch_axis(stage),
        y=[in_stage(stage, metric)],
        title_x="epoch, counted from 0",
        title_y=unit,
        groupby=wr.Config(METHOD),
        groupby_aggfunc="mean",
        groupby_rangefunc="minmax",
        max_runs_to_show=1000,
        layout=wr.Layout(w=12, h=8),
    )


def hyperparameters(names: Sequence[str], runs_are_of: Sequence[str] = ()) -> wr.ParallelCoordinatesPlot:
    """Draw one line per trial through its values of Table 2's hyperparameters to its validation error.

    Args:
        names: Those to draw, by the paper's names.
        runs_are_of: What else tells the runs apart, problem or method.
    """
    columns = [wr.ParallelCoordinatesPlotColumn(metric=wr.Config(key), display_name=key) for key in runs_are_of]
    columns += [
        wr.ParallelCoordinatesPlotColumn(
            metric=wr.Config(KEYS[name]), display_name=name, log=True if name in ON_A_LOG_SCALE else None
        )
        for name in names
        if name != "emphasis"  # a pair of weights, which has no place on an axis
    ]
    columns.append(
        wr.ParallelCoordinatesPlotColumn(metric=wr.SummaryMetric(VALID_ERROR), display_name="validation error")
    )
    title = "hyperparameters (Table 2) and validation error"
    return wr.ParallelCoordinatesPlot(columns=columns, title=title, layout=wr.Layout(w=16, h=9))


def importance() -> wr.ParameterImportancePlot:
    """Draw which hyperparameters the validation error depends on."""
    return wr.ParameterImportancePlot(with_respect_to=VALID_ERROR, layout=wr.Layout(w=8, h=9))


def filter_pictures() -> wr.MediaBrowser:
    """Show the first layer's filters before fine-tuning, a picture a run (section 5)."""
    return wr.MediaBrowser(
        title="first layer's filters, before fine-tuning",
        media_keys=[FILTERS],
        num_columns=4,
        mode="gallery",
        gallery_axis="run",
        layout=wr.Layout(w=24, h=10),
    )
