"""What a batch holds, checked before a compiled loop reads it as bare memory."""

from collections.abc import Sequence

from torch import Tensor, nn

from sdae.errors import SdaeError


def examples_of(batch: Tensor | Sequence[Tensor]) -> Tensor:
    """Return the examples (n, d) of a batch, without their classes where it has some."""
    return batch if isinstance(batch, Tensor) else batch[0]


def check_inputs(x: Tensor, encoder: nn.Linear) -> None:
    """Refuse examples that the first encoder cannot take: anything but (n, d) finite numbers of its precision.

    Raises:
        SdaeError: If they have another shape or type, or hold NaN or an infinite value.
    """
    d, dtype = encoder.in_features, encoder.weight.dtype
    if x.ndim != 2 or x.shape[1] != d or len(x) == 0:
        flat = ", flattened by x.flatten(1)" if x.ndim > 2 else ""
        raise SdaeError(f"x: a batch has the shape {tuple(x.shape)}, the model takes (n, {d}){flat}")
    if x.dtype != dtype:
        raise SdaeError(f"x: a batch is of {x.dtype}, the model computes in {dtype}; convert with x.to({dtype})")
    # Read from the device once per block. The sum is an order of magnitude faster, but finite numbers may overflow it.
    if not x.sum().isfinite() and not x.isfinite().all():
        raise SdaeError("x: a batch holds NaN or an infinite value")


def check_targets(t: Tensor, n: int, n_classes: int) -> None:
    """Refuse classes that index no output, or by −1, an unlabelled example's, the last one.

    Raises:
        SdaeError: If they are not (n,) whole numbers of 0 to m − 1.
    """
    if t.shape != (n,) or t.is_floating_point():
        raise SdaeError(f"t: a batch of {n} examples has classes {tuple(t.shape)} of {t.dtype}, not ({n},) of integers")
    wrong = (t < 0) | (t >= n_classes)
    if wrong.any():  # read from the device once per block
        raise SdaeError(
            f"t: holds class {int(t[wrong][0])}, which is not one of 0 to {n_classes - 1}; "
            "leave unlabelled examples out of fine-tuning"
        )


def check_encoder(encoder: nn.Linear, n_visible: int, n_hidden: int) -> None:
    """Refuse an encoder, shared with a classifier, of another size than its layer.

    Raises:
        SdaeError: If it is one.
    """
    if (encoder.in_features, encoder.out_features) != (n_visible, n_hidden):
        sizes = f"{encoder.in_features} inputs and {encoder.out_features} units"
        raise SdaeError(f"encoder: has {sizes}, the layer {n_visible} and {n_hidden}")
