"""``fit``, ``validate``, ``test`` and ``predict``: LightningCLI commands on one run folder each."""

from pathlib import Path
from typing import Any, Literal

import yaml
from lightning import seed_everything
from lightning.pytorch.cli import LightningArgumentParser, LightningCLI

from sdae.cli.names import expand, shipped
from sdae.cli.parsing import NOT_CONFIGURATION, agree, buried, parse
from sdae.data.minibatches import in_order
from sdae.data.problem import Problem
from sdae.errors import SdaeError
from sdae.evaluation.prediction import predict, read_examples, write_array
from sdae.formatting import percent, table
from sdae.functional.error_rate import interval
from sdae.models.classifier import Classifier
from sdae.runs.folder import RunFolder, in_a_path
from sdae.runs.result import row
from sdae.runs.weights import load_weights
from sdae.settings.fine_tuning import FineTuning
from sdae.settings.pretraining import Pretraining
from sdae.tracking.tracking import Tracking
from sdae.training import cross_validation, experiment
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
                "prog": "sdae",
                "exit_on_error": False,
                "allow_abbrev": False,
                **{
                    name: {
                        "description": f"{text} Short names: --data NAME (conf/data/), --method NAME (conf/method/).",
                        "exit_on_error": False,
                        "default_config_files": [str(shipped("conf") / "default.yaml")],
                    }
                    for name, text in descriptions.items()
                },
            },
        )

    # -- the parser ---------------------------------------------------------------------------------------------------

    def add_arguments_to_parser(self, parser: LightningArgumentParser) -> None:
        """Add the sections that are not Lightning's, and pass on what one section knows and another needs."""
        parser.add_class_arguments(Pretraining, "pretraining")
        parser.add_class_arguments(FineTuning, "fine_tuning")
        parser.add_class_arguments(Tracking, "tracking")
        parser.link_arguments("seed_everything", "model.seed")
        parser.link_arguments("fine_tuning.learning_rate", "model.learning_rate")
        parser.link_arguments("fine_tuning.batch_size", "model.batch_size")
        parser.link_arguments("data.n_features", "model.n_features", apply_on="instantiate")
        parser.link_arguments("data.n_classes", "model.n_classes", apply_on="instantiate")

    def _prepare_subcommand_parser(self, klass: type, subcommand: str, **kwargs: Any) -> LightningArgumentParser:
        """Take a command's own parameters from the method of this class, where Lightning takes the Trainer's."""
        parser = self.init_parser(**kwargs)
        self._add_arguments(parser)
        added = parser.add_method_arguments(type(self), subcommand, skip={"model", "datamodule"})
        self._subcommand_method_arguments[subcommand] = added
        return parser

    def parse_arguments(self, parser: LightningArgumentParser, args: Any) -> None:
        """Parse; on a folder with a run in it, take the configuration from there and refuse what disagrees."""
        args = expand(args)
        self.config = parse(parser, args)
        command = self.config.subcommand
        asked = self.config[command]
        self.folder = RunFolder(Path(asked.run)) if asked.run else None
        if command == "fit" and asked.overwrite:
            return
        if self.folder is not None and self.folder.started:
            kept = str(self.folder.config)
            self.config = parse(parser, [command, "--config", kept, *args[1:]])
            agree(self.config[command], parse(parser, ["fit", "--config", kept])["fit"], self.folder.config)
        elif command != "fit":
            where = f"{self.folder.path}: holds no run" if self.folder else f"{command}: which run? name its folder"
            raise SdaeError(f"{where}; make one with fit, and name it with --run")

    def instantiate_classes(self) -> None:
        """Build the network, the problem and the trainer; jsonargparse buries what a constructor says of its values."""
        try:
            super().instantiate_classes()
        except ValueError as error:
            raise buried(error) or error from error

    def _set_seed(self) -> None:
        """Seed the global generators too, for a user's own modules; this package draws from streams of its own."""
        seed = self.config[self.config.subcommand].seed_everything
        if not 0 <= seed < 2**32:
            raise SdaeError(f"seed_everything: a number from 0 to 2³² − 1, not {seed}")
        seed_everything(seed, workers=True, verbose=False)

    def instantiate_trainer(self, **kwargs: Any) -> OneDeviceTrainer:
        """Build the one-device trainer from its section alone: it has no callbacks to add to."""
        return OneDeviceTrainer(**self._get(self.config_init, "trainer"))

    # -- the commands -------------------------------------------------------------------------------------------------

    def fit(self, model: Classifier, datamodule: Problem, run: Path | None = None, overwrite: bool = False) -> None:
        """Pretrain layer by layer, fine-tune with early stopping, and test the best weights once.

        Args:
            model: The network.
            datamodule: The problem.
            run: Run folder; a new one under runs/ where none is named. An unfinished run in it is gone on with.
            overwrite: Whether to begin again in a folder that holds a run, which is lost.
        """
        parts = self.parts
        pretraining, fine_tuning = parts["pretraining"], parts["fine_tuning"]
        method = experiment.method_name(pretraining, fine_tuning, model.n_layers)
        # What can be refused is, before there is a folder.
        _ = parts["tracking"].mode
        datamodule.prepare_data()
        pretraining.check(model.n_layers, datamodule.value_range)
        fine_tuning.corrupt(datamodule.value_range)
        folder = self.folder or RunFolder.new(f"{datamodule.name}-{in_a_path(method)}")
        folder.create()
        with folder.locked():
            if folder.finished and not overwrite:
                raise SdaeError(f"{folder.path}: holds a finished run; name another with --run, or give --overwrite")
            if overwrite:
                folder.clear()
            # Gone on with tomorrow, the run must not find an archive that was out of reach today.
            config = self.configuration(None if datamodule.provenance == "local" else datamodule.provenance)
            folder.write_config(config)
            print(f"{datamodule.name} · {method} · {folder.path}", flush=True)
            whole = datamodule.folds is not None and datamodule.fold is None
            result = (cross_validation if whole else experiment).run(
                **parts, folder=folder, config=yaml.safe_load(config)
            )
        print(f"\n{row(result)}\n\n{folder.result}")

    def validate(self, model: Classifier, datamodule: Problem, run: Path | None = None, weights: str = "best") -> None:
        """Print the validation error of a run's weights.

        Args:
            model: The network.
            datamodule: The problem.
            run: Run folder.
            weights: best, pretrained (before fine-tuning), or the path of a checkpoint.
        """
        self._evaluate("valid", model, datamodule, weights)

    def test(self, model: Classifier, datamodule: Problem, run: Path | None = None, weights: str = "best") -> None:
        """Print the test error of a run's weights; fit has done it once already, for the best ones.

        Args:
            model: The network.
            datamodule: The problem.
            run: Run folder.
            weights: best, pretrained (before fine-tuning), or the path of a checkpoint.
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
        weights: str = "best",
    ) -> None:
        """Write class probabilities, or a layer's representation, as a .npy file.

        Args:
            model: The network.
            datamodule: The problem.
            output: The .npy file to write: (n, m) probabilities, or (n, d') units of a layer, float32.
            run: Run folder.
            input: Examples (n, d) as .npy, or as the array x of an .npz; the problem's own where none are given.
            split: Which of the problem's own examples: train, valid or test.
            layer: Hidden layer whose representation is written, counted from 1; class probabilities where none is.
            weights: best, pretrained (before fine-tuning), or the path of a checkpoint.
        """
        if output.suffix != ".npy":
            raise SdaeError(f"--output {output}: the name of a .npy file")
        if layer is None:
            _require_classes(datamodule)
        self._load(model, weights)
        if input is None:
            datamodule.load()
            x = datamodule.splits[split].x
        else:
            x = read_examples(input, datamodule.n_features)
        values = predict(model.to(self.trainer.device), x, layer)
        write_array(output, values)
        print(f"{output}: {' × '.join(map(str, values.shape))}")

    # -- what they share ----------------------------------------------------------------------------------------------

    @property
    def parts(self) -> dict[str, Any]:
        """What was built, under the names of :func:`sdae.training.experiment.run`'s parameters."""
        sections = {name: self._get(self.config_init, name) for name in ("pretraining", "fine_tuning", "tracking")}
        return {"problem": self.datamodule, "classifier": self.model, "trainer": self.trainer, **sections}

    def configuration(self, source: str | None = None) -> str:
        """Return the resolved configuration as YAML, without what belongs to this call alone.

        Args:
            source: What the problem's source came to, where it is to be kept.
        """
        config = self.config["fit"].clone()
        for key in NOT_CONFIGURATION:
            config.pop(key, None)
        if "data.init_args.source" in config and source is not None:
            config["data.init_args.source"] = source
        return self._parser("fit").dump(config, format="yaml", skip_none=False, skip_validation=True)

    def _load(self, model: Classifier, weights: str) -> None:
        assert self.folder is not None
        cross_validation.refuse_folds(self.datamodule, self.folder)
        named = {"best": self.folder.best, "pretrained": self.folder.pretrained}
        load_weights(model, named.get(weights, Path(weights)))

    def _evaluate(self, split: Literal["valid", "test"], model: Classifier, problem: Problem, weights: str) -> None:
        _require_classes(problem)
        self._load(model, weights)
        problem.load()
        examples = problem.splits[split]
        metrics = self.trainer.test(model, in_order(*examples), verbose=False)[0]
        error = metrics["error"]
        name = {"valid": "validation error", "test": "test error"}[split]
        head = ["problem", "weights", name, "data"]
        shown = percent(error, interval(error, len(examples.t)))
        print(table(head, [[problem.name, weights, shown, problem.provenance]]))
        if problem.note:
            print(problem.note)


def _require_classes(problem: Problem) -> None:
    if problem.n_classes == 0:
        raise SdaeError(f"{problem.name}: has no classes, and so no error and no class probabilities")


def _first_line(method: Any) -> str:
    return (method.__doc__ or "").partition("\n")[0]
