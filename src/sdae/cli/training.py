"""``fit``, ``validate``, ``test`` and ``predict``: LightningCLI commands on one run folder each."""

import json
import warnings
from pathlib import Path
from typing import Any, Literal

import torch
import yaml
from jsonargparse import Namespace
from lightning import seed_everything
from lightning.pytorch.cli import LightningArgumentParser, LightningCLI

from sdae.cli.parsing import NOT_CONFIGURATION, agree, parse
from sdae.cli.program import program
from sdae.config.building import add_sections, check_seed, defaults
from sdae.config.fitting import prepared, train_prepared
from sdae.config.names import MODE
from sdae.config.runs import problem_of_run
from sdae.config.sections import flat
from sdae.config.typed import underlying
from sdae.data.kept import Kept, moved
from sdae.data.minibatches import in_order
from sdae.data.problem import Problem
from sdae.errors import SdaeError
from sdae.evaluation.inputs import inputs_of, read_inputs
from sdae.evaluation.prediction import check_output, predict, write_prediction
from sdae.formatting import percent, table
from sdae.functional.error_rate import interval
from sdae.models.classifier import Classifier
from sdae.runs.folder import RunFolder
from sdae.runs.result import row
from sdae.runs.weights import load_weights
from sdae.tracking.keys import ERROR
from sdae.training.cross_validation import refuse_folds
from sdae.training.experiment import Experiment
from sdae.training.trainer import OneDeviceTrainer

Split = Literal["train", "valid", "test"]


class TrainingCLI(LightningCLI):
    """The training commands. Their own parameters are those of the methods below; all share the configuration."""

    trainer: OneDeviceTrainer

    def __init__(self, args: list[str]) -> None:
        """Parse, build and run."""
        self.folder: RunFolder | None = None
        descriptions = {name: _first_line(getattr(self, name)) for name in self.subcommands()}
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
                        "description": f"{text} Short names: --data NAME (conf/data/), --method NAME (conf/method/).",
                        "exit_on_error": False,
                        "parser_mode": MODE,
                    }
                    for name, text in descriptions.items()
                },
            },
        )

    # -- the parser ---------------------------------------------------------------------------------------------------

    def add_core_arguments_to_parser(self, parser: LightningArgumentParser) -> None:
        """Add the sections of a run's configuration, Lightning's and ours."""
        add_sections(parser)

    def _prepare_subcommand_parser(self, klass: type, subcommand: str, **kwargs: Any) -> LightningArgumentParser:
        """Take a command's own parameters from the method of this class, where Lightning takes the Trainer's."""
        parser = self.init_parser(**kwargs)
        self._add_arguments(parser)
        added = parser.add_method_arguments(type(self), subcommand, skip={"model", "datamodule"})
        self._subcommand_method_arguments[subcommand] = added
        parser.set_defaults(flat(defaults(), whole=("data",)))
        return parser

    def parse_arguments(self, parser: LightningArgumentParser, args: Any) -> None:
        """Parse; on a folder with a run in it, take the configuration from there and refuse what disagrees."""
        self.config = parse(parser, args)
        command = self.config.subcommand
        asked = self.config[command]
        self.folder = RunFolder(Path(asked.run)) if asked.run else None
        resumes = self.folder is not None and self.folder.started and not asked.get("overwrite")
        if command == "fit" and asked.path is not None and not resumes:
            raise SdaeError(f"path {asked.path}: of a run that is resumed; a new one finds its data by --data")
        if command == "fit" and asked.overwrite:
            return
        if self.folder is not None and self.folder.started:
            kept = str(self.folder.config)
            self.config = parse(parser, [command, "--config", kept, *args[1:]])
            agree(self.config[command], parse(parser, ["fit", "--config", kept])["fit"], self.folder.config)
            if asked.path is not None:
                init_args = moved({"init_args": vars(self.config[command].data.init_args)}, asked.path)["init_args"]
                self.config[command].data.init_args = Namespace(**init_args)
        elif command != "fit":
            where = f"{self.folder.path}: holds no run" if self.folder else f"{command}: a run folder is needed"
            raise SdaeError(f"{where}; make one with fit, and name it with --run")

    def instantiate_classes(self) -> None:
        """Build the network, the problem and the trainer; jsonargparse buries what a constructor says of its values.

        For a question about a run that keeps its preprocessing, the problem is what the run keeps of it.
        """
        command = self.config.subcommand
        if command != "fit" and self.folder is not None:
            section = json.loads(self._parser(command).dump(self.config[command], format="json"))["data"]
            if isinstance(problem := problem_of_run(self.folder, section), Kept):
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

    # -- the commands -------------------------------------------------------------------------------------------------

    def fit(
        self,
        model: Classifier,
        datamodule: Problem,
        run: Path | None = None,
        overwrite: bool = False,
        path: Path | None = None,
    ) -> None:
        """Pretrain layer by layer, fine-tune with early stopping, and test the best weights once.

        Args:
            model: The network.
            datamodule: The problem.
            run: Run folder; default: a new one under runs/. An unfinished run in it is resumed.
            overwrite: Whether to begin again in a folder that holds a run, which is lost.
            path: Where the run's data lie now, a file or a folder; default: where they lay.
        """
        if self.folder is not None and self.folder.finished and not overwrite:
            raise SdaeError(f"{self.folder.path}: holds a finished run; name another with --run, or give --overwrite")
        with prepared(self.experiment, self.folder, overwrite) as (ready, folder):
            print(f"{datamodule.name} · {ready.method} · {folder.path}", flush=True)
            result = train_prepared(ready, folder)
        print(f"\n{row(result)}\n\n{folder.result}")

    def validate(
        self,
        model: Classifier,
        datamodule: Problem,
        run: Path | None = None,
        weights: str = "best",
        path: Path | None = None,
    ) -> None:
        """Print the validation error of a run's weights.

        Args:
            model: The network.
            datamodule: The problem.
            run: Run folder.
            weights: best, pretrained (before fine-tuning), or the path of a checkpoint.
            path: Where the run's data lie now, a file or a folder; default: where they lay.
        """
        self._evaluate("valid", model, datamodule, weights)

    def test(
        self,
        model: Classifier,
        datamodule: Problem,
        run: Path | None = None,
        weights: str = "best",
        path: Path | None = None,
    ) -> None:
        """Print the test error of a run's weights; fit has done it once already, for the best ones.

        Args:
            model: The network.
            datamodule: The problem.
            run: Run folder.
            weights: best, pretrained (before fine-tuning), or the path of a checkpoint.
            path: Where the run's data lie now, a file or a folder; default: where they lay.
        """
        self._evaluate("test", model, datamodule, weights)

    def predict(
        self,
        model: Classifier,
        datamodule: Problem,
        output: Path,
        run: Path | None = None,
        input: Path | None = None,
        split: Split = "test",
        layer: int | None = None,
        weights: str | None = None,
        path: Path | None = None,
    ) -> None:
        """Write class probabilities, or a layer's representation, as .npy, .csv or .parquet.

        New examples are preprocessed as the run's own were; the run's own data are not needed for them.

        Args:
            model: The network.
            datamodule: The problem.
            output: The file to write. A .npy: (n, m) probabilities, or (n, d') units of a layer, float32. A .csv: a row
                for each example, with its name, its class where known, and what a .npy has under names. A .parquet:
                the same columns.
            run: Run folder.
            input: New examples: (n, d) or (n, height, width) as .npy, or as the array x of an .npz; a table, .csv or
                .parquet, for a run on one; a picture, a folder of pictures; audio for tzanetakis.
                Default: the problem's own.
            split: Which of the problem's own examples: train, valid or test.
            layer: Hidden layer whose representation is written, counted from 1; default: class probabilities.
            weights: best, pretrained (before fine-tuning), or the path of a checkpoint; default: best, of a run without
                classes pretrained.
            path: Where the run's data lie now, a file or a folder; default: where they lay.
        """
        check_output(output)
        if layer is None:
            datamodule.require_classes("class probabilities")
        self._load(model, weights or ("best" if datamodule.n_classes else "pretrained"))
        if input is None:
            datamodule.load()
            inputs = inputs_of(datamodule, split)
        else:
            if not isinstance(datamodule, Kept):  # a run without preprocessing.json
                datamodule.load()
            inputs = read_inputs(input, datamodule.preprocessing)
        values = predict(model.to(self.trainer.device), torch.from_numpy(inputs.x), layer)
        classes = datamodule.preprocessing.classes if layer is None else None
        written = write_prediction(output, values, inputs, classes)
        print(f"{', '.join(map(str, written))}: {' × '.join(map(str, values.shape))}")

    # -- what they share ----------------------------------------------------------------------------------------------

    @property
    def experiment(self) -> Experiment:
        """What was built."""
        sections = {name: self._get(self.config_init, name) for name in ("pretraining", "fine_tuning", "tracking")}
        config = yaml.safe_load(self.configuration())
        return Experiment(self.datamodule, self.model, trainer=self.trainer, config=config, **sections)

    def configuration(self) -> str:
        """Return the resolved configuration as YAML, without what belongs to this call alone."""
        config = self.config["fit"].clone()
        for key in NOT_CONFIGURATION:
            config.pop(key, None)
        return self._parser("fit").dump(config, format="yaml", skip_none=False, skip_validation=True)

    def _load(self, model: Classifier, weights: str) -> None:
        assert self.folder is not None
        refuse_folds(self.datamodule, self.folder)
        named = {"best": self.folder.best, "pretrained": self.folder.pretrained}
        load_weights(model, named.get(weights, Path(weights)))

    def _evaluate(self, split: Literal["valid", "test"], model: Classifier, problem: Problem, weights: str) -> None:
        problem.require_classes("error")
        self._load(model, weights)
        problem.load()
        examples = problem.splits[split]
        with self.trainer.process_settings():
            metrics = self.trainer.test(model, in_order(*examples), verbose=False)[0]
        error = metrics[ERROR]
        name = {"valid": "validation error", "test": "test error"}[split]
        head = ["problem", "weights", name, "data"]
        shown = percent(error, interval(error, len(examples.t)))
        print(table(head, [[problem.name, weights, shown, problem.provenance]]))
        if problem.note:
            print(problem.note)


def _first_line(method: Any) -> str:
    return (method.__doc__ or "").partition("\n")[0]
