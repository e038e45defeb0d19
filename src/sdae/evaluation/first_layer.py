"""The first layer of a trained run, what to call it, and what is kept of its filters."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from torch import Tensor

from sdae.errors import SdaeError
from sdae.evaluation.filters import FilterNumbers
from sdae.evaluation.trained import Trained
from sdae.files import read_json
from sdae.settings.per_layer import as_list
from sdae.settings.pretraining import Pretraining
from sdae.training.cross_validation import refuse_folds


@dataclass(frozen=True)
class FirstLayer:
    """The first layer of a run, and what to call it.

    Attributes:
        run: The run.
        weight: W, (d', d).
        fine_tuned: Whether the weights are those after fine-tuning.
    """

    run: Trained
    weight: Tensor
    fine_tuned: bool

    @classmethod
    def of(cls, run: Trained, fine_tuned: bool) -> "FirstLayer":
        """Read a run's first layer.

        Args:
            run: The run.
            fine_tuned: Whether to take the best weights of fine-tuning, and not those before it.

        Raises:
            SdaeError: If the run is a cross-validation, or of no images, has no such weights, or they hold NaN.
        """
        path = run.folder.path
        refuse_folds(run.problem, run.folder)
        if run.problem.image_shape is None:
            raise SdaeError(f"{path}: {run.problem.name}'s examples are not images, so its filters are not either")
        if fine_tuned and run.folder.only_pretrained:
            raise SdaeError(f"{path}: ended with the pretrained layers; leave fine_tuned out")
        weight = run.classifier("best" if fine_tuned else "pretrained").hidden[0].weight.detach()
        if not weight.isfinite().all():
            raise SdaeError(f"{path}: its weights are not numbers; training diverged")
        return cls(run, weight, fine_tuned)

    @property
    def noise(self) -> str:
        """The settings of its pretraining."""
        return pretrained_with(self.run.pretraining)

    @property
    def caption(self) -> list[str]:
        """Two lines under the picture."""
        after = " · fine-tuned" if self.fine_tuned else ""
        return [f"{self.run.method}, {self.noise}{after}", f"{self.run.problem.name}, {len(self.weight)} units"]

    def summary(self, numbers: FilterNumbers) -> dict[str, float]:
        """The numbers of all its filters together."""
        return {
            "gabor_fraction": float(numbers.is_gabor.mean()),
            "median_r2": float(np.median(numbers.r2)),
            "median_localisation": float(np.median(numbers.localisation)),
        }

    def record(self, numbers: FilterNumbers) -> dict[str, Any]:
        """The run's record, as plain values."""
        folder = self.run.folder
        gabors = numbers.gabors
        return {
            "run": str(folder.path),
            "problem": self.run.problem.name,
            "provenance": read_json(folder.result, shape={"provenance": str})["provenance"]
            if folder.finished
            else None,
            "method": self.run.method,
            "noise": self.noise,
            "seed": self.run.config["seed_everything"],
            "units": len(self.weight),
            **self.summary(numbers),
            "filters": {
                "r2": _rounded(numbers.r2),
                "is_gabor": numbers.is_gabor.tolist(),
                "localisation": _rounded(numbers.localisation),
                "norm": _rounded(self.weight.norm(dim=1).numpy()),
                "centre_x_y": _rounded(gabors.centre),
                "orientation_degrees": _rounded(gabors.orientation),
                "cycles_a_pixel": _rounded(gabors.frequency),
                "phase_degrees": _rounded(gabors.phase),
                "sigma_across_along": _rounded(gabors.sigma),
                "amplitude": _rounded(gabors.amplitude),
            },
        }


def pretrained_with(pretraining: Pretraining) -> str:
    """Describe the first layer's pretraining in a few words: noise, or weight decay."""
    if pretraining.layer == "none":
        return "random start"
    if pretraining.layer == "rbm":
        described = f"{'persistent ' if pretraining.persistent else ''}CD-{pretraining.cd_steps}"
        described += ", sampled inputs" if pretraining.sampled_inputs else ""
    else:
        level = as_list(pretraining.noise_level)[0]
        kind = "Gaussian" if pretraining.corruption == "gaussian" else pretraining.corruption
        amount = f"σ = {level:g}" if pretraining.corruption == "gaussian" else f"ν = {100 * level:g} %"
        described = f"{kind} {amount}" if level > 0 else "no noise"
    return described if pretraining.weight_decay == 0 else f"{described}, weight decay λ = {pretraining.weight_decay:g}"


def _rounded(values: np.ndarray) -> list[Any]:
    return np.round(values.astype(np.float64), 4).tolist()
