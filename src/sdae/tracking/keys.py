"""Every key under which something is logged: in W&B, in ``metrics.csv``, on a W&B run's page.

A module logs a metric's short name (``loss``, ``valid_error``); the loggers of its stage put the stage before it as a
path: ``pretrain/layer1/loss``, ``fit/valid_error``, ``test/error``. This module imports nothing, so that models, which
log, and the dashboard, which draws, share its names.
"""

FIT, TEST = "fit", "test"  # stages, beside those of pretraining

LOSS = "loss"  # in every stage that trains: mean loss per example
FREE_ENERGY_GAP = "free_energy_gap"  # of an RBM in pretraining: validation less training examples
PSEUDO_LIKELIHOOD = "pseudo_likelihood"  # of a binary RBM in pretraining, on validation examples
VALID_LOSS, VALID_ERROR = "valid_loss", "valid_error"  # of fine-tuning
ERROR = "error"  # of the test
SECONDS = "seconds"  # of an epoch, in every stage
EPOCH = "epoch"  # the axis of a stage, counted from 0

TEST_ERROR, TEST_INTERVAL, PUBLISHED = "test_error", "test_interval", "published"  # on a run's page, in its summary
PROVENANCE, NOTE = "provenance", "note"
SUMMARY = (VALID_ERROR, TEST_ERROR, TEST_INTERVAL, PUBLISHED, PROVENANCE, NOTE)  # as named in result.json
PUBLISHED_ERROR, PUBLISHED_INTERVAL = f"{PUBLISHED}.{TEST_ERROR}", f"{PUBLISHED}.interval"
ENDED = "ended"  # why a run was not finished, in its summary

PROBLEM, METHOD = "problem", "method"  # extra config keys for grouping and filtering

SVM_ANSWERS, SVM_LAYERS = "svm/answers", "svm/layers"  # a table of all SVMs, and Figure 13's curves


def pretraining_stage(layer: int) -> str:
    """Return the stage in which a layer, counted from 1, is pretrained."""
    return f"pretrain/layer{layer}"


def in_stage(stage: str, metric: str) -> str:
    """Return the key of a stage's metric."""
    return f"{stage}/{metric}"


def divided(key: str) -> tuple[str, str]:
    """Return the stage and the metric of a key."""
    stage, _, metric = key.rpartition("/")
    return stage, metric


def epoch_axis(stage: str) -> str:
    """Return the key over which a stage's metrics are drawn: its epochs, counted from 0."""
    return in_stage(stage, EPOCH)


FILTERS = in_stage(pretraining_stage(1), "filters")  # the picture of the first layer's filters, before fine-tuning


def run_summary_key(name: str, number: str) -> str:
    """Return the key of one run's number in the summary of a picture of several runs."""
    return f"{name}/{number}"


def svm_test_error(weights: str, layer: int, kernel: str) -> str:
    """Return the key of one SVM's test error in the summary.

    Args:
        weights: Those of the stack below: best, pretrained or random; input if there is none.
        layer: The hidden layer that it is trained on, counted from 1; 0 is the input.
        kernel: linear or rbf.
    """
    return f"svm/{weights}/layer{layer}/{kernel}/{TEST_ERROR}"
