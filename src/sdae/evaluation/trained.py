"""A run opened to ask something of its stack."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sdae.data.problem import Problem
from sdae.errors import SdaeError
from sdae.models.autoencoder import Autoencoder
from sdae.models.classifier import Classifier
from sdae.models.layer import Layer
from sdae.models.rbm import RBM
from sdae.runs.folder import RunFolder
from sdae.runs.weights import load_weights, read_checkpoint

Weights = Literal["pretrained", "best", "random"]
KINDS: dict[str, type[Layer]] = {"autoencoder": Autoencoder, "rbm": RBM}


@dataclass(frozen=True)
class Trained:
    """A run: where it lies, how it was made, and the problem it is of.

    Attributes:
        folder: The run's folder.
        config: What its ``config.yaml`` says.
        problem: Its problem, of which nothing is read yet.
    """

    folder: RunFolder
    config: Mapping[str, Any]
    problem: Problem

    def classifier(self, weights: Weights = "pretrained") -> Classifier:
        """Return the network, on the CPU.

        Args:
            weights: ``pretrained``, those before fine-tuning (for an MLP its random start), ``best``, those of the
                lowest validation error, or ``random``, those that training began with.

        Raises:
            SdaeError: If the run has no such weights, they are damaged, or are of another problem.
        """
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

    def layers(self) -> list[Layer]:
        """Return the layers from the input up as pretraining left them, each with its decoder, on the CPU.

        Raises:
            SdaeError: If the run pretrained none, has not come that far, or a file is damaged.
        """
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
