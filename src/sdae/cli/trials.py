"""Runs ``fit`` for a study: parsed and built by the same command, from the configuration that its folder keeps."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import yaml
from lightning import Callback

from sdae.cli.names import file_of, install_loader
from sdae.cli.problems import problem_kept
from sdae.cli.sweep_files import of_settings
from sdae.cli.training import TrainingCLI
from sdae.errors import SdaeError
from sdae.runs.folder import RunFolder
from sdae.runs.layer_cache import LayerCache
from sdae.sweeps.plan import differing, flat
from sdae.sweeps.trial import Unusable
from sdae.training import experiment

SEEN = ("tracking", "trainer.progress")  # keys that a run's numbers do not depend on
HANDOVER = 600.0  # seconds that a worker which was taken for dead has to leave the run folder


class Built(TrainingCLI):
    """A ``fit`` that is parsed and built, and not begun."""

    def _run_subcommand(self, subcommand: str) -> None:
        """Leave it to the study."""


def resolve(problem: str, method: str, settings: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the whole configuration of a run, as ``fit`` makes it of a problem, a method and some values.

    Raises:
        SdaeError: If there is no such problem, method or key, or a value cannot be used.
    """
    flags = [
        f"--{key}={value if isinstance(value, str) else json.dumps(value)}" for key, value in flat(settings).items()
    ]
    install_loader()
    try:
        named = [f"--data={file_of('data', problem)}", f"--config={file_of('method', method)}"]
        built = Built(["fit", *named, *flags])
    except SdaeError as error:
        raise of_settings(error) from error
    if built.datamodule.n_classes == 0:
        raise SdaeError(f"studies.problems: {problem} has no classes, and so no validation error to choose by")
    _ = built.parts["tracking"].mode  # refused, where it must be, before anything starts
    return yaml.safe_load(built.configuration())


def folds(config: Mapping[str, Any]) -> int | None:
    """Return in how many folds a problem is studied; None where it has none, or one is chosen."""
    problem = problem_kept(config["data"])
    return None if problem.fold is not None else problem.folds


def prepare(config: dict[str, Any]) -> None:
    """Have the data of a run ready before workers ask for them, and note where they come from.

    Raises:
        SdaeError: If they cannot be had.
    """
    problem = problem_kept(config["data"])
    problem.prepare_data()
    if "source" in config["data"].get("init_args", {}) and problem.provenance != "local":
        config["data"]["init_args"]["source"] = problem.provenance


def fit(
    folder: RunFolder,
    config: dict[str, Any],
    callbacks: Sequence[Callback] = (),
    test: bool = True,
    cache: LayerCache | None = None,
) -> dict[str, Any]:
    """Run or go on with a run in its folder; as ``fit --run`` does, and with what a study adds.

    Args:
        folder: The run's folder.
        config: Its whole configuration.
        callbacks: What else happens in every stage.
        test: Whether to test the best weights.
        cache: Where layers are shared with other runs; None where they are not.

    Raises:
        Unusable: If the data cannot be had, or the folder holds a run with other settings.
        SdaeError: If the run cannot be.
    """
    folder.path.mkdir(parents=True, exist_ok=True)
    with folder.locked(patience=HANDOVER):
        text = yaml.safe_dump(config, sort_keys=False, allow_unicode=True)
        if folder.started and (
            key := differing(yaml.safe_load(folder.config.read_text(encoding="utf-8")), yaml.safe_load(text), but=SEEN)
        ):
            raise Unusable(
                f"{folder.path}: holds a run with another {key}; give this sweep another --folder, or remove that one"
            )
        folder.write_config(text)
        built = Built(["fit", f"--config={folder.config}"])
        try:
            built.datamodule.load()
        except (SdaeError, OSError) as error:
            raise Unusable(str(error)) from error
        return experiment.run(**built.parts, folder=folder, config=config, callbacks=callbacks, test=test, cache=cache)
