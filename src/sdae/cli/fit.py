"""``fit``: trains a run.

The rest of ``fit --help`` comes from the classes in :mod:`sdae.config.building`: settings in ``settings/``, the network
in ``models/classifier.py``, problems in ``data/``, the trainer in ``training/trainer.py``, W&B in
``tracking/options.py``.
"""

import shlex
from pathlib import Path

from sdae.config.fitting import prepared, train_prepared
from sdae.errors import SdaeError
from sdae.formatting import CHECKOUT
from sdae.runs.folder import RunFolder
from sdae.runs.result import row
from sdae.training.experiment import Experiment


def fit(
    experiment: Experiment,
    folder: RunFolder | None,
    run: Path | None = None,
    overwrite: bool = False,
    path: Path | None = None,
) -> None:
    """Pretrain layer by layer, fine-tune with early stopping, and test the best weights once.

    Args:
        experiment: The experiment.
        folder: The run folder that was named.
        run: Run folder; default: a new one under runs/. An unfinished run in it is resumed.
        overwrite: Whether to overwrite a run in the folder: with its own configuration, and options on top, or with
            the one that --data or --config names.
        path: New location of the run's data, a file or folder; default: the original location.
    """
    if folder is not None and folder.finished and not overwrite:
        raise SdaeError(f"{folder.path}: holds a finished run; name another with --run, or give --overwrite")
    with prepared(experiment, folder, overwrite) as (ready, place):
        print(f"{ready.problem.name} · {ready.method} · {place.path}", flush=True)
        try:
            result = train_prepared(ready, place)
        except (KeyboardInterrupt, SystemExit) as stop:
            stop.add_note(f"to resume: {CHECKOUT} fit --run {shlex.quote(str(place.path))}")
            raise
    print(f"\n{row(result)}\n\n{place.result}")
