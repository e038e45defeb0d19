"""A trained model: what a run's folder holds, opened to ask something of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, get_args

import numpy as np
import torch
from torch import Tensor

from sdae.data.preprocessing import Preprocessing
from sdae.data.problem import Problem
from sdae.errors import SdaeError, one_of
from sdae.evaluation.prediction import in_blocks, predict
from sdae.files import read_json
from sdae.models.autoencoder import Autoencoder
from sdae.models.classifier import Classifier
from sdae.models.layer import Layer
from sdae.models.rbm import RBM
from sdae.runs.folder import RunFolder
from sdae.runs.weights import load_weights, read_checkpoint
from sdae.settings.fine_tuning import FineTuning
from sdae.settings.pretraining import Pretraining
from sdae.training.cross_validation import refuse_folds
from sdae.training.experiment import method_name

Weights = Literal["pretrained", "best", "random"]
KINDS: dict[str, type[Layer]] = {"autoencoder": Autoencoder, "rbm": RBM}


@dataclass(frozen=True)
class Trained:
    """A run: where it lies, how it was made, and the problem that it was trained on.

    Examples are arrays or tensors (n, d), or pictures (n, height, width), in the units of the run's data, which the run
    scales as it did its own; grey levels may be divided already. Of a run on a table they are data frames with its
    columns, too. What comes back are arrays. Everything is computed on the CPU, a block at a time.

    Attributes:
        folder: The run's folder.
        config: The content of its ``config.yaml``.
        problem: Its problem, of which nothing is read yet.
    """

    folder: RunFolder
    config: Mapping[str, Any]
    problem: Problem

    # -- what is asked of examples ------------------------------------------------------------------------------------

    def predict(self, x: np.ndarray | Tensor) -> np.ndarray:
        """Return the most probable class of each example: (n, d) to (n,), int64.

        Raises:
            SdaeError: As :meth:`predict_proba`.
        """
        return self.predict_proba(x).argmax(1)

    def predict_proba(self, x: np.ndarray | Tensor) -> np.ndarray:
        """Return p(t|x) by the fine-tuned network: (n, d) to (n, m), float32.

        Raises:
            SdaeError: If the run was not fine-tuned, or the examples do not fit it.
        """
        self.problem.require_classes("class probabilities")
        return predict(self._network("best"), self.prepared(x))

    def transform(self, x: np.ndarray | Tensor, layer: int | None = None, weights: Weights | None = None) -> np.ndarray:
        """Return the representation at a hidden layer: (n, d) to (n, d'), float32.

        Args:
            x: Examples.
            layer: Hidden layer counted from 1, 0 for the scaled input, which the network sees; default: the highest.
            weights: ``best``, ``pretrained`` or ``random``, as for :meth:`classifier`; default: best where the run was
                fine-tuned, else pretrained.

        Raises:
            SdaeError: If there is no such layer or no such weights, or the examples do not fit the run.
        """
        network = self._network(weights or self.last_weights)
        return predict(network, self.prepared(x), network.n_layers if layer is None else layer)

    def reconstruct(self, x: np.ndarray | Tensor, layer: int | None = None) -> np.ndarray:
        """Encode examples up to a layer and decode them again, with the pretrained weights: (n, d) to (n, d), float32.

        Args:
            x: Examples.
            layer: Hidden layer counted from 1; default: the highest.

        Returns:
            Reconstructions (n, d) in the units of ``x``; of a table, its columns as they are encoded, unscaled.

        Raises:
            SdaeError: If the run has no pretrained layers, no such layer, or the examples do not fit it.
        """
        layers = self.layers
        if layer is not None and not 1 <= layer <= len(layers):
            raise SdaeError(f"layer {layer} does not exist; the stack has layers 1 to {len(layers)}")
        used = layers[:layer]

        def there_and_back(block: Tensor) -> Tensor:
            for each in used:
                block = each.encode(block)
            for each in reversed(used):
                block = each.decode(block)
            return block

        rows = self.preprocessing.as_rows(_array(x), "x")
        return self.preprocessing.scaling_of(rows).inverse(in_blocks(there_and_back, self.prepared(rows)))

    def prepared(self, x: np.ndarray | Tensor) -> Tensor:
        """Check examples, and do to them what was done to the run's own: the one place for a run's preprocessing.

        Returns:
            Examples (n, d), float32.

        Raises:
            SdaeError: If they are not numbers, hold NaN, or have another number of components.
        """
        return torch.from_numpy(self.preprocessing(_array(x), "x"))

    @property
    def preprocessing(self) -> Preprocessing:
        """The preprocessing of the inputs, and the names of the classes; for an old run its data are read."""
        if self.problem.kept is None:
            self.problem.load()
        return self.problem.preprocessing

    # -- what it is ---------------------------------------------------------------------------------------------------

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes, in the order of their numbers; empty for a run without classes."""
        return self.preprocessing.classes

    @property
    def last_weights(self) -> Weights:
        """The weights that there are of the latest phase: ``best`` where fine-tuning began, else ``pretrained``."""
        return "best" if self.folder.best.exists() else "pretrained"

    @property
    def result(self) -> dict[str, Any]:
        """The content of ``result.json``: errors as fractions, epochs, seconds, versions.

        Raises:
            SdaeError: If the run is not finished.
        """
        if not self.folder.finished:
            raise SdaeError(f"{self.folder.path}: is not finished; fit with this run folder resumes it")
        return read_json(self.folder.result, shape=dict)

    @property
    def pretraining(self) -> Pretraining:
        """The settings of pretraining.

        Raises:
            SdaeError: If its configuration does not say so.
        """
        return self._settings(Pretraining, "pretraining")

    @property
    def fine_tuning(self) -> FineTuning:
        """The settings of fine-tuning.

        Raises:
            SdaeError: If its configuration does not say so.
        """
        return self._settings(FineTuning, "fine_tuning")

    @property
    def method(self) -> str:
        """The paper's name of its method, such as SDAE-3.

        Raises:
            SdaeError: If its configuration does not say so.
        """
        try:
            n_layers = self.config["model"]["n_layers"]
        except (KeyError, TypeError) as error:
            raise self._strange(error) from None
        return method_name(self.pretraining, self.fine_tuning, n_layers)

    def classifier(self, weights: Weights = "pretrained") -> Classifier:
        """Return the network, on the CPU.

        Args:
            weights: ``pretrained``, those before fine-tuning (for an MLP its random start), ``best``, those of the
                lowest validation error, or ``random``, those that training began with.

        Raises:
            SdaeError: If there are no such weights, they are damaged, or are of another problem.
        """
        if weights not in get_args(Weights):
            raise SdaeError(f"weights: {one_of(get_args(Weights))}, not {weights!r}")
        path = self.folder.best if weights == "best" else self.folder.pretrained
        classifier = Classifier(**read_checkpoint(path)["hyper_parameters"])
        ours, theirs = self.problem.n_features, classifier.hidden[0].in_features
        if ours != theirs:
            raise SdaeError(f"{path}: is of a network with {theirs} inputs, {self.problem.name} has {ours}")
        ours, theirs = self.problem.n_classes, classifier.output.out_features
        if ours != theirs:
            raise SdaeError(f"{path}: is of a network with {theirs} classes, {self.problem.name} has {ours}")
        if weights != "random":
            load_weights(classifier, path)
        return classifier.eval()

    @cached_property
    def layers(self) -> list[Layer]:
        """The layers from the input up as pretraining left them, each with its decoder, on the CPU.

        Raises:
            SdaeError: If the run pretrained none, has not come that far, is a cross-validation, or a file is damaged.
        """
        refuse_folds(self.problem, self.folder)
        kind = self.config["pretraining"]["layer"]
        if kind not in KINDS:
            raise SdaeError(f"{self.folder.path}: is an MLP, without pretrained layers and so without decoders")
        layers = []
        for k in range(1, self.config["model"]["n_layers"] + 1):
            path = self.folder.layer(k)
            layer = KINDS[kind](**read_checkpoint(path)["hyper_parameters"])
            load_weights(layer, path)
            layers.append(layer.eval())
        return layers

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.method} on {self.problem.name}, {self.folder.path})"

    @cached_property
    def _networks(self) -> dict[Weights, Classifier]:
        return {}

    def _network(self, weights: Weights) -> Classifier:
        """Return the network, read once."""
        refuse_folds(self.problem, self.folder)
        if weights not in self._networks:
            self._networks[weights] = self.classifier(weights)
        return self._networks[weights]

    def _settings(self, kind: type[Any], section: str) -> Any:
        try:
            return kind(**self.config[section])
        except (KeyError, TypeError) as error:
            raise self._strange(error) from None

    def _strange(self, error: Exception) -> SdaeError:
        return SdaeError(f"{self.folder.config}: is not the configuration of a run ({error})")


def require_output(folder: RunFolder, weights: str) -> None:
    """Refuse class probabilities by weights whose output layer is not trained.

    Args:
        folder: The run folder.
        weights: ``best``, ``pretrained``, ``random``, or the path of a checkpoint, of which nothing is known.

    Raises:
        SdaeError: If it is not.
    """
    untrained = "its output layer is not trained, so there are no class probabilities; name a layer"
    if weights in ("pretrained", "random"):
        raise SdaeError(f"weights {weights}: {untrained}")
    if weights == "best" and folder.only_pretrained:
        raise SdaeError(f"{folder.path}: ended with the pretrained layers; {untrained}")


def _array(x: Any) -> Any:
    """Return examples as an array; a data frame, whose columns matter, stays one."""
    if isinstance(x, Tensor):
        return x.detach().cpu().numpy()
    return x if hasattr(x, "columns") else np.asarray(x)
