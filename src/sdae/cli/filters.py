"""``filters``: the filters of the first layer, as a picture and in numbers (section 5, Figures 5 to 8)."""

from pathlib import Path
from typing import Literal

from sdae.cli.choices import Mode
from sdae.errors import SdaeError


def filters(
    run: list[Path] | None = None,
    output: Path = Path("filters.png"),
    units: list[int] | None = None,
    n: int | None = None,
    order: Literal["units", "most-structured", "least-structured"] = "units",
    layer: int = 1,
    fine_tuned: bool = False,
    wandb: Mode | None = None,
) -> None:
    """Draw the first layer's filters, and count those that are Gabor functions, as in Figures 5 to 8.

    Every filter has its own grey scale around zero, which is mid-grey. Several runs are shown side by side, with the
    same units in the same places. A file beside the picture has the numbers of all units: R² of the Gabor function
    fitted to each filter; whether it counts as one, for which R² must be at least 0.6 and the function band-pass, so
    that a blob does not count and a grating does; and its localisation, the fraction of its energy in the best window
    of half the image's height and width.

    Args:
        run: The runs' folders, one or several.
        output: The picture to write, a .png; the numbers are written beside it, as .json.
        units: Numbers of the units to show, counted from 1; for several runs, one row per unit and one column per run,
            as in Figure 8 d and e; without n and order.
        n: Number of filters to show of each run; default: 100.
        order: units, or by R² (its mean over several runs), most or least first.
        layer: Only the first layer's filters are images.
        fine_tuned: Whether to use the best weights of fine-tuning instead of those before it.
        wandb: Where to track it; default: as for the first run.
    """
    from sdae.config.runs import load
    from sdae.evaluation.compared_filters import Selection, compare_filters
    from sdae.evaluation.picture import require_png

    require_png(output)
    selection = Selection(units, n, order, layer, fine_tuned)
    if not run:
        raise SdaeError("filters: a run is needed; name its folder with --run")
    print(compare_filters([load(path) for path in run], output, selection, wandb))
