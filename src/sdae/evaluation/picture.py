"""A picture of several runs: the file, the numbers beside it as JSON, and a W&B run with both."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from PIL import Image

from sdae.errors import SdaeError
from sdae.evaluation.trained import Trained
from sdae.files import require_replaceable, write_json
from sdae.pictures.tiles import write_picture
from sdae.tracking.keys import run_summary_key
from sdae.tracking.options import Mode, Tracking
from sdae.tracking.tracking import distinct_names, tracked

NO_SETTINGS = ("runs", "real", "versions")  # of the numbers: what is no setting of the command


@dataclass(frozen=True)
class PictureOfRuns:
    """A picture of runs, and the numbers measured with it.

    Attributes:
        kind: The command that made it: W&B's job type, and its key there.
        image: None where the examples are not images.
        caption: Shown on W&B.
        content: The numbers, as plain values; ``runs`` has an entry for each run.
        summary: Which numbers of each run stand in the summary of the W&B run.
    """

    kind: Literal["filters", "samples"]
    image: Image.Image | None
    caption: str
    content: dict[str, Any]
    summary: Sequence[str]

    def keep(self, first: Trained, output: Path, mode: Mode | None) -> Path:
        """Write the picture and the numbers, and log both to a W&B run in the group of the first run.

        Args:
            first: The first of the runs.
            output: Path of the picture.
            mode: Where to track it; default: as for the first run.

        Returns:
            The file of the numbers: the picture's name, ending in ``.json``.

        Raises:
            SdaeError: If a file cannot be written, another file has the name of the numbers, or W&B has no such mode.
        """
        kept, runs = Tracking(**first.config["tracking"]), [run["run"] for run in self.content["runs"]]
        tracking = replace(kept, wandb=mode or kept.wandb, job_type=self.kind, name=output.stem)
        _ = tracking.mode  # refused, where it must be, before anything is written
        beside = output.with_suffix(".json")
        require_replaceable(beside, {"picture", "runs"})
        if self.image is not None:
            write_picture(self.image, output)
        write_json(beside, self.content)
        config = {key: value for key, value in self.content.items() if key not in NO_SETTINGS} | {"runs": runs}
        with tracked(tracking, first.folder.path, None, None, config, [first.problem.name, first.method]) as tracker:
            if self.image is not None:
                tracker.image(self.kind, np.asarray(self.image), self.caption)
            for name, run in zip(distinct_names(runs), self.content["runs"], strict=True):
                tracker.summary({run_summary_key(name, key): run[key] for key in self.summary if key in run})
        return beside


def require_png(output: Path) -> None:
    """Refuse a picture of another format.

    Raises:
        SdaeError: If its name does not end in ``.png``.
    """
    if output.suffix.lower() != ".png":
        raise SdaeError(f"output {output}: the name of a .png file")
