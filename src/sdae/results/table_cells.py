"""Assigns measurements to cells of the paper's tables."""

from typing import Literal

from sdae.data.registry import REGISTRY
from sdae.paper.layout import OUR_NAME, TABLE_5_UNITS
from sdae.results.measurement import Measurement

Weights = Literal["pretrained", "random", "best"]


def stands(measured: Measurement, model: str, units: int = TABLE_5_UNITS, weights: Weights = "pretrained") -> bool:
    """Return whether a measurement is of a model of the paper's tables.

    A study of a point of a figure, or of the ablation, chose among fewer settings than a table's, and never counts. An
    SVM on a representation counts if that is an SDAE's before fine-tuning, of as many units per layer as in
    section 6.6, where a study may have had no others; one that was trained with noisy copies (section 6.4) never does,
    nor does anything trained on few labels.

    Args:
        measured: The measurement.
        model: The paper's name, as in :data:`sdae.paper.layout.MODELS`.
        units: Units of every layer of Table 5's networks; fewer in a scaled-down version.
        weights: Of the network; no table has random ones, the control of footnote 16, or the best of fine-tuning.
    """
    if measured.labels is not None or measured.model != OUR_NAME.get(model, model):
        return False
    if measured.source != "svm":
        return not measured.point
    if measured.point not in ({}, {"nHUnit": units}):
        return False
    if "copies" in measured.settings:
        return False
    if measured.weights == "input":
        return True
    stack = measured.stack
    return (
        measured.weights == weights
        and stack is not None
        and stack.labels is None
        and stack.model == "SDAE-3"
        and stack.settings.get("nHUnit") == units
    )


def missing_folds(measured: Measurement) -> str | None:
    """Return why a measurement is of some folds only of a problem that is cross-validated; None where it is of all."""
    facts = REGISTRY.get(measured.problem)
    if facts is None or facts.folds in (None, measured.folds):
        return None
    return f"{measured.folds or 1} of {facts.folds} folds"
