"""The common part of fit, validate, test and predict: LightningCLI on one run folder each."""

import inspect
import logging
import warnings
from argparse import Action
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import yaml
from jsonargparse import DefaultHelpFormatter, Namespace
from lightning import seed_everything
from lightning.pytorch.cli import LightningArgumentParser, LightningCLI

from sdae.cli.commands import function_of, summary
from sdae.cli.messages import program
from sdae.cli.parsing import NOT_CONFIGURATION, READING, agree, configures, parse
from sdae.config.building import add_sections, check_seed, defaults
from sdae.config.names import MODE, known
from sdae.config.runs import kept_config, problem_of_run
from sdae.config.sections import flat
from sdae.config.typed import underlying
from sdae.data.problem import Problem
from sdae.data.run_problem import RunProblem, moved
from sdae.errors import SdaeError
from sdae.models.classifier import Classifier
from sdae.runs.folder import RunFolder
from sdae.settings.effects import without_effect
from sdae.training.experiment import Experiment
from sdae.training.trainer import OneDeviceTrainer

log = logging.getLogger(__name__)

BUILT = (
    "experiment",
    "folder",
    "model",
    "datamodule",
    "trainer",
)  # objects that this class provides


class ReadingHelp(DefaultHelpFormatter):
    """The help of a command that reads a run: without the configuration, which is taken from the run's folder."""

    def add_usage(self, usage: Any, actions: Iterable[Action], *others: Any, **named: Any) -> None:
        """Leave its options out of the usage."""
        super().add_usage(usage, [action for action in actions if _of_reading(action)], *others, **named)

    def add_argument(self, action: Action) -> None:
        """Leave its options out of the list."""
        if _of_reading(action):
            super().add_argument(action)


def _of_reading(action: Action) -> bool:
    return action.dest.partition(".")[0] in ("help", *READING)


class TrainingCLI(LightningCLI):
    """Parses a training command, builds what its configuration describes, and calls the command's function."""

    trainer: OneDeviceTrainer

    def __init__(self, args: list[str]) -> None:
        """Parse, build and run."""
        self.folder: RunFolder | None = None
        descriptions = {name: summary(name) for name in self.subcommands()}
        super().__init__(
            Classifier,
            Problem,
            subclass_mode_data=True,
            trainer_class=OneDeviceTrainer,
            save_config_callback=None,
            auto_configure_optimizers=False,
            seed_everything_default=1,
            args=args,
            parser_kwargs={
                "prog": program(),
                "exit_on_error": False,
                "allow_abbrev": False,
                "parser_mode": MODE,
                **{
                    name: {
                        "description": f"{text} {_short_names()}" if name == "fit" else text,
                        "exit_on_error": False,
                        "parser_mode": MODE,
                    }
                    for name, text in descriptions.items()
                },
            },
        )

    def add_core_arguments_to_parser(self, parser: LightningArgumentParser) -> None:
        """Add the sections of a run's configuration, Lightning's and ours."""
        add_sections(parser)

    def _prepare_subcommand_parser(self, klass: type, subcommand: str, **kwargs: Any) -> LightningArgumentParser:
        """Take a command's own parameters from its function, where Lightning takes the Trainer's method."""
        parser = self.init_parser(**kwargs)
        self._add_arguments(parser)
        function = function_of(subcommand)
        added = parser.add_function_arguments(function, skip=_built(function))
        self._subcommand_method_arguments[subcommand] = added
        parser.set_defaults(flat(defaults(), whole=("data",)))
        return parser

    def parse_arguments(self, parser: LightningArgumentParser, args: Any) -> None:
        """Parse; on a folder with a run in it, take the configuration from there.

        What disagrees with it is refused, except with ``--overwrite``: then options change it, and a problem or a
        configuration on the command line replaces it.
        """
        for name in {*self.subcommands()} - {"fit"}:  # only now: a subcommand's formatter is its parent's at first
            self._parser(name).formatter_class = ReadingHelp
        self.given = [arg.partition("=")[0].removeprefix("--") for arg in args if arg.startswith("--")]
        silent = [arg for arg in args if not arg.startswith("--print_config")]  # what is printed depends on the folder
        self.config = parse(parser, silent)
        command = self.config.subcommand
        options = self.config[command]
        self.folder = RunFolder(Path(options.run)) if options.run else None
        overwrite = bool(options.get("overwrite"))
        keeps = self.folder is not None and self.folder.started and not (overwrite and configures(args))
        if command == "fit" and options.path is not None and not keeps:
            raise SdaeError(f"path {options.path}: only for the run in a folder; a new one takes its data from --data")
        if self.folder is not None and keeps:
            kept = str(self.folder.config)
            kept_config(self.folder)  # refuses one that is damaged or incomplete
            self.config = parse(parser, [command, "--config", kept, *args[1:]])
            if not overwrite:
                agree(
                    command, self.config[command], parse(parser, ["fit", "--config", kept])["fit"], self.folder.config
                )
            if options.path is not None:
                init_args = moved({"init_args": vars(self.config[command].data.init_args)}, options.path)["init_args"]
                self.config[command].data.init_args = Namespace(**init_args)
        elif command != "fit":
            where = f"{self.folder.path}: holds no run" if self.folder else f"{command}: a run folder is needed"
            raise SdaeError(f"{where}; make one with fit, and name it with --run")
        elif silent != args:
            self.config = parse(parser, args)

    def instantiate_classes(self) -> None:
        """Build the network, the problem and the trainer; raise the error of a constructor, which jsonargparse hides.

        Except for fit, the problem of a run with preprocessing.json is built from that.
        """
        command = self.config.subcommand
        if command != "fit" and self.folder is not None:
            section = self.configuration()["data"]
            if isinstance(problem := problem_of_run(self.folder, section), RunProblem):
                self.config[command].data = problem
        try:
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", r"\s*Unable to serialize instance")  # a problem built already
                super().instantiate_classes()
        except ValueError as error:
            raise underlying(error) or error from error

    def _set_seed(self) -> None:
        """Seed the global generators too, for a user's own modules; this package draws from streams of its own."""
        seed = self.config[self.config.subcommand].seed_everything
        check_seed(seed)
        seed_everything(seed, workers=True, verbose=False)

    def instantiate_trainer(self, **kwargs: Any) -> OneDeviceTrainer:
        """Return the one-device trainer as its section describes it: it has no callbacks to add to."""
        return self._get(self.config_init, "trainer")

    def _run_subcommand(self, subcommand: str) -> None:
        """Call the command's function with its options and the built objects that it takes."""
        if subcommand == "fit":
            self._warn_of_unused_options()
        function = function_of(subcommand)
        options = self.config_init[subcommand]
        arguments = {name: options[name] for name in self._subcommand_method_arguments[subcommand]}
        function(**arguments, **{name: getattr(self, name) for name in map(str, _built(function))})

    def _warn_of_unused_options(self) -> None:
        """Warn of options on the command line that the method does not have, which would otherwise be ignored."""
        pretraining, fine_tuning = (self._get(self.config_init, name) for name in ("pretraining", "fine_tuning"))
        for message in without_effect(self.given, pretraining, fine_tuning):
            log.warning("--%s", message)

    @property
    def experiment(self) -> Experiment:
        """The built experiment."""
        sections = {name: self._get(self.config_init, name) for name in ("pretraining", "fine_tuning", "tracking")}
        return Experiment(self.datamodule, self.model, trainer=self.trainer, config=self.configuration(), **sections)

    def configuration(self) -> dict[str, Any]:
        """Return the resolved configuration, as YAML holds it, without the options of this call alone."""
        command = self.config.subcommand
        config = self.config[command].clone()
        for key in NOT_CONFIGURATION:
            config.pop(key, None)
        return yaml.safe_load(self._parser(command).dump(config, format="yaml", skip_none=False, skip_validation=True))


def _built(function: Callable[..., Any]) -> set[str | int]:
    """Return the parameters of a command's function that are built objects, not options."""
    return {name for name in inspect.signature(function).parameters if name in BUILT}


def _short_names() -> str:
    """Return what ``--data`` and ``--method`` take, for the head of ``--help``."""
    return (
        f"--data takes a problem ({', '.join(known('data'))}), --method a method ({', '.join(known('method'))}). "
        "Both take a YAML file, too."
    )
