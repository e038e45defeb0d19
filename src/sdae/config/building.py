"""Builds a run from its configuration: problem, network, settings, device and tracking."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from jsonargparse import ArgumentParser, Namespace

from sdae.config.names import MODE, expanded, is_class, read_config, require_below, section, shipped
from sdae.config.sections import merged
from sdae.config.typed import keys_of, plain, underlying
from sdae.data import import_all
from sdae.data.problem import Problem
from sdae.errors import SdaeError
from sdae.models.classifier import Classifier
from sdae.settings.fine_tuning import FineTuning
from sdae.settings.pretraining import Pretraining
from sdae.tracking.options import Tracking
from sdae.training.experiment import Experiment
from sdae.training.trainer import OneDeviceTrainer

SECTIONS = ("trainer", "model", "pretraining", "fine_tuning", "tracking")


def add_sections(parser: ArgumentParser) -> None:
    """Add the sections of a run's configuration to a parser, and link values that sections share."""
    import_all()
    parser.add_class_arguments(OneDeviceTrainer, "trainer")
    parser.add_class_arguments(Classifier, "model")
    parser.add_subclass_arguments(Problem, "data", required=True)
    parser.add_class_arguments(Pretraining, "pretraining")
    parser.add_class_arguments(FineTuning, "fine_tuning")
    parser.add_class_arguments(Tracking, "tracking")
    parser.link_arguments("seed_everything", "model.seed")
    parser.link_arguments("fine_tuning.learning_rate", "model.learning_rate")
    parser.link_arguments("fine_tuning.batch_size", "model.batch_size")
    parser.link_arguments("data.n_features", "model.n_features", apply_on="instantiate")
    parser.link_arguments("data.n_classes", "model.n_classes", apply_on="instantiate")


def defaults() -> dict[str, Any]:
    """Return the default configuration, ``conf/default.yaml``."""
    return read_config(shipped("conf") / "default.yaml")


def configuration(
    problem: str | Mapping[str, Any], method: str, settings: Mapping[str, Mapping[str, Any] | Any]
) -> dict[str, Any]:
    """Return a run's configuration: the defaults, a problem, a method, and some settings on top; not checked yet.

    Args:
        problem: A short name, a YAML file, a class's path, or the section ``data`` itself.
        method: A short name, or a YAML file.
        settings: Sections and their values. Those of ``data`` are the problem's own parameters.

    Raises:
        SdaeError: If a name is unknown, a section has no keys, or a file cannot be read.
    """
    _require_sections(settings)
    if isinstance(problem, str):
        problem = {"class_path": problem} if is_class(problem) else section("data", problem)
    config = {**merged(defaults(), expanded(section("method", method))), "data": problem}
    parameters = dict(settings.get("data", {}))
    if parameters and not parameters.keys() & {"class_path", "init_args"}:
        parameters = {"init_args": parameters}
    return merged(config, {**settings, "data": parameters})


def build(config: Mapping[str, Any]) -> Experiment:
    """Check a configuration, complete it with defaults, and build the experiment.

    The files that the problem names may be read; nothing is fetched or generated.

    Raises:
        SdaeError: If a key is unknown or missing, or a value cannot be used; names the key.
    """
    parser = ArgumentParser(exit_on_error=False, parser_mode=MODE)
    parser.add_argument("--seed_everything", type=int, default=1)
    add_sections(parser)
    try:
        _require_sections(config)
        parsed = parser.parse_object(dict(config))
        anchor(parsed)
        check_seed(parsed.seed_everything)
        built = parser.instantiate_classes(parsed)
    except Exception as error:
        raise underlying(error) or SdaeError(plain(str(error), keys_of(parser))) from error
    whole = parser.dump(parsed, format="yaml", skip_none=False, skip_validation=True)
    parts = {name: built[name] for name in ("trainer", "pretraining", "fine_tuning", "tracking")}
    return Experiment(problem=built.data, classifier=built.model, **parts, config=yaml.safe_load(whole))


def _require_sections(config: Mapping[str, Any]) -> None:
    for name in (*SECTIONS, "data"):
        if not isinstance(config.get(name, {}), Mapping):
            raise SdaeError(f"{name}: a section of keys and values, not {config[name]}")
    require_below(config.get("data"), "data.")


def build_problem(data: Mapping[str, Any]) -> Problem:
    """Build the problem that a section ``data`` describes; only the user's own files are read.

    Raises:
        SdaeError: If it cannot be built.
    """
    import_all()
    parser = ArgumentParser(exit_on_error=False, parser_mode=MODE)
    parser.add_subclass_arguments(Problem, "data")
    try:
        parsed = parser.parse_object({"data": json.loads(json.dumps(data, default=str))})
        anchor(parsed)
        return parser.instantiate_classes(parsed).data
    except Exception as error:
        raise underlying(error) or SdaeError(plain(str(error), keys_of(parser))) from error


def with_source(config: Mapping[str, Any], problem: Problem) -> dict[str, Any]:
    """Return a run's configuration with the resolved source of its prepared problem.

    A resumed run must not switch sources if an archive becomes reachable later.
    """
    data = config["data"]
    init_args = data.get("init_args") or {}
    if "source" not in init_args or problem.provenance == "local":
        return dict(config)
    return {**config, "data": {**data, "init_args": {**init_args, "source": problem.provenance}}}


def check_seed(seed: int) -> None:
    """Refuse a seed that generators do not accept.

    Raises:
        SdaeError: If it is out of range.
    """
    if not 0 <= seed < 2**32:
        raise SdaeError(f"seed_everything: a number from 0 to 2³² − 1, not {seed}")


def anchor(config: Namespace) -> None:
    """Make the files and folders of the data absolute, in place, for use from other folders."""
    for key, value in config.get("data.init_args", Namespace()).items():
        config[f"data.init_args.{key}"] = _absolute(value)


def _absolute(value: Any) -> Any:
    if isinstance(value, Path):
        return value.expanduser().absolute()
    return tuple(_absolute(part) for part in value) if isinstance(value, tuple) else value
