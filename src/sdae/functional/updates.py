"""Values with which an update of weights makes sense: learning rate, minibatch, weight decay (sections 2.2, 5.1)."""

from sdae.errors import SdaeError


def check_update(learning_rate: float, batch_size: int, weight_decay: float = 0.0, within: str = "") -> None:
    """Refuse values with which nothing can be learned.

    Args:
        learning_rate: Per-example learning rate.
        batch_size: Examples per update.
        weight_decay: λ of an L2 penalty λ/2 · ‖W‖² per example.
        within: Section of the settings, before their names in an error, such as ``pretraining.``.

    Raises:
        SdaeError: If one is out of range.
    """
    if batch_size < 1:
        raise SdaeError(f"{within}batch_size: at least 1, not {batch_size}")
    if not learning_rate > 0:
        raise SdaeError(f"{within}learning_rate: a positive number, not {learning_rate}")
    if not 0 <= learning_rate * weight_decay * batch_size < 1:
        raise SdaeError(
            f"{within}weight_decay: not negative, and less than 1 / (learning rate · batch size), "
            f"{1 / (learning_rate * batch_size):g}, at which one update would erase the weights; not {weight_decay}"
        )
