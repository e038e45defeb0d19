"""Settings that are given and have no effect, so that nobody believes they had."""

from collections.abc import Collection

from sdae.settings.fine_tuning import FineTuning
from sdae.settings.per_layer import as_list
from sdae.settings.pretraining import Pretraining

KINDS = {"autoencoder": "an autoencoder", "rbm": "an RBM", "none": "an MLP"}  # of layers, in messages


def without_effect(given: Collection[str], pretraining: Pretraining, fine_tuning: FineTuning) -> list[str]:
    """Return a message for each given setting that is ignored: ``pretraining.tied: has no effect on an RBM``.

    Args:
        given: The settings given, such as ``pretraining.tied``; others are not looked at.
        pretraining: All settings of pretraining.
        fine_tuning: All settings of fine-tuning.
    """
    messages = []
    for setting in given:
        section, _, name = setting.partition(".")
        if section == "pretraining" and not pretraining.uses(name):
            messages.append(f"{setting}: has no effect on {KINDS[pretraining.layer]}")
    levels: dict[str, float | list[float]] = {"fine_tuning": fine_tuning.noise_level}
    if pretraining.layer == "autoencoder":
        levels["pretraining"] = pretraining.noise_level
    for section, level in levels.items():
        if f"{section}.corruption" in given and not any(as_list(level)):
            messages.append(f"{section}.corruption: has no effect where {section}.noise_level is 0")
    return messages
