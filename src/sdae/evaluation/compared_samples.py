"""Samples that the pretrained stacks of several runs generate from their top layers (section 7, Figures 14 and 15)."""

import dataclasses
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from torch import Tensor

from sdae.data.problem import Problem
from sdae.errors import SdaeError
from sdae.evaluation.first_layer import pretrained_with
from sdae.evaluation.judge import Judge, Judgement
from sdae.evaluation.picture import PictureOfRuns
from sdae.evaluation.sample_report import shown_on_screen
from sdae.evaluation.samples import Form, resample, sample_chain
from sdae.evaluation.trained import Trained
from sdae.models.layer import Layer
from sdae.models.rbm import RBM
from sdae.pictures.grey import black_and_white, grey_bytes
from sdae.pictures.panels import side_by_side
from sdae.pictures.sample_rows import sample_rows
from sdae.runs.versions import versions
from sdae.seeds import generator, numpy_generator
from sdae.tracking.options import Mode
from sdae.training.cross_validation import refuse_folds

ROWS = 10  # examples, by default
JUDGED = 1000  # training examples, by default
JUDGED_DRAWS = 2  # samples of each example that is judged: two, whose distance is the variability

log = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True)
class Sampling:
    """The examples to regenerate, and the settings of sampling.

    Args:
        examples: Numbers of the training examples to show, counted from 1; default: drawn, of each class in turn.
        rows: Number of examples where they are drawn; default: 10.
        draws: Samples in a row.
        top: ``draw``: sample the top units from their means, which the representation is; ``mean``: begin with these;
            default: draw.
        last: ``mean``: show the grey levels that the last decoding gives; ``draw``: sample from them.
        gibbs: For a DBN, steps of alternating Gibbs sampling in its top RBM before each sample; it draws the top units.
        judged: Training examples whose samples are judged, and test examples beside them; 0 for the picture alone;
            default: 1,000, or half of those with a class where there are fewer than 2,000.
        seed: Seed of the draws.

    Raises:
        SdaeError: If a number is too small, or one option leaves another without effect.
    """

    examples: list[int] | None = None
    rows: int | None = None
    draws: int = 8
    top: Form | None = None
    last: Form = "mean"
    gibbs: int | None = None
    judged: int | None = None
    seed: int = 1

    def __post_init__(self) -> None:
        for name, least in {"rows": 1, "draws": 1, "gibbs": 1, "judged": 0}.items():
            value = getattr(self, name)
            if value is not None and value < least:
                raise SdaeError(f"{name} {value}: at least {least}")
        if self.examples and self.rows is not None:
            raise SdaeError("examples: those to show; leave out rows")
        if self.gibbs is not None and self.top is not None:
            raise SdaeError("gibbs: draws the top units in its chain; leave out top")

    def sample(self, layers: Sequence[Layer], x: Tensor, n: int, purpose: str) -> Tensor:
        """Draw ``n`` samples of each example (m, d): (m, n, d); the stream of draws is the same for every run."""
        stream = generator(self.seed, "samples", purpose)
        if self.gibbs is not None:
            return sample_chain(layers, x, n, self.gibbs, stream, self.last)
        return resample(layers, x, n, stream, self.top or "draw", self.last)


def compare_samples(runs: Sequence[Trained], output: Path, sampling: Sampling, wandb: Mode | None = None) -> str:
    """Regenerate training examples by several runs, draw and judge the samples, and return a table of the numbers.

    Args:
        runs: One or several runs of the same problem.
        output: The picture to write, a .png; the numbers go beside it, as .json.
        sampling: Which examples, and how.
        wandb: Where to track it; default: as for the first run.

    Raises:
        SdaeError: If a run has no such weights, the runs are not of one problem, or a file cannot be written.
    """
    begun_with = versions()  # now: the checkout may change before the end
    for run in runs:
        _check_layers(run)
    problem, gibbs = _one_problem(runs), sampling.gibbs
    if gibbs is not None:
        _require_dbns(runs)
    problem.load()
    shown = _chosen(problem, sampling)
    judged = _number_judged(problem, sampling.judged)
    content: dict[str, Any] = {
        "picture": output.name if problem.image_shape is not None else None,
        "problem": problem.name,
        "provenance": problem.provenance,
        "note": problem.note,
        "seed": sampling.seed,
        "shown": (shown + 1).tolist(),
        "top": sampling.top or "draw",
        "last": sampling.last,
        "gibbs": gibbs,
        "versions": begun_with,
        "runs": [_record(run) for run in runs],
    }
    if judged:
        _judge(content, runs, problem, sampling, judged)
    image = None
    if problem.image_shape is not None:
        x = problem.train.x[shown]
        samples = [sampling.sample(run.layers, x, sampling.draws, "shown") for run in runs]
        image = _image(runs, problem, x, samples, gibbs)
    numbers = [field.name for field in dataclasses.fields(Judgement)]
    picture = PictureOfRuns("samples", image, "the training example first", content, numbers)
    beside = picture.keep(runs[0], output, wandb)
    return shown_on_screen(content, output if image is not None else None, beside)


def _check_layers(run: Trained) -> None:
    path = run.folder.path
    refuse_folds(run.problem, run.folder)
    ours, theirs = run.problem.n_features, run.layers[0].encoder.in_features
    if ours != theirs:
        raise SdaeError(f"{path}: is of a network with {theirs} inputs, {run.problem.name} has {ours}")
    if not all(value.isfinite().all() for layer in run.layers for value in layer.state_dict().values()):
        raise SdaeError(f"{path}: its weights are not numbers; training diverged")


def _one_problem(runs: Sequence[Trained]) -> Problem:
    """Return the problem that all runs are of."""
    first, *others = runs
    for other in others:
        if other.config["data"] != first.config["data"]:
            raise SdaeError(
                f"{other.folder.path}: is not of the same data as {first.folder.path}; "
                "only runs of one problem lie side by side"
            )
    return first.problem


def _require_dbns(runs: Sequence[Trained]) -> None:
    for run in runs:
        if not isinstance(run.layers[-1], RBM):
            raise SdaeError(f"gibbs: {run.folder.path} is an {run.method}, and has no RBM on top to sample")


def _chosen(problem: Problem, sampling: Sampling) -> np.ndarray:
    """Return rows of the training set: the requested ones, or as many of each class, in their order."""
    n, examples, seed = len(problem.train.x), sampling.examples, sampling.seed
    rows = sampling.rows or ROWS
    for number in examples or []:
        if not 1 <= number <= n:
            raise SdaeError(f"examples {number}: {problem.name} has training examples 1 to {n}")
    if examples:
        return np.array(examples) - 1
    order, t = numpy_generator(seed, "samples", "examples").permutation(n), problem.train.t.numpy()
    of_each = [order[t[order] == k] for k in np.unique(t)]
    turns = [row for turn in range(rows) for members in of_each for row in members[turn : turn + 1]][:rows]
    return np.array(sorted(turns, key=lambda row: t[row]))


def _number_judged(problem: Problem, requested: int | None) -> int:
    """Return the number of training examples to judge: at most half of the labelled ones, the judge learns the rest."""
    known = len(problem.labelled.x)
    if requested is None:
        return min(JUDGED, known // 2)
    if requested > known // 2:
        raise SdaeError(
            f"judged {requested}: {problem.name} has {known} training examples with a class; judge at most half of "
            "them, the SVM that judges is trained on others; 0 judges none"
        )
    return requested


def _record(run: Trained) -> dict[str, Any]:
    return {
        "run": str(run.folder.path),
        "method": run.method,
        "pretrained_with": pretrained_with(run.pretraining),
        "seed": run.config["seed_everything"],
    }


def _judge(content: dict[str, Any], runs: Sequence[Trained], problem: Problem, sampling: Sampling, n: int) -> None:
    """Judge the samples of n training examples by every run, and add the numbers to the content."""
    log.info("judging the samples of %d training examples", n)
    judge = Judge(problem.train, problem.test, n, sampling.seed)
    content |= {"judged": n, "draws_judged": JUDGED_DRAWS, "classifier": judge.described}
    if judge.real is not None:
        content["real"] = dataclasses.asdict(judge.real)
    for run, record in zip(runs, content["runs"], strict=True):
        samples = sampling.sample(run.layers, problem.train.x[judge.rows], JUDGED_DRAWS, "judged")
        record |= dataclasses.asdict(judge.of(samples))


def _image(
    runs: Sequence[Trained], problem: Problem, x: Tensor, sampled: Sequence[Tensor], gibbs: int | None
) -> Image.Image:
    assert problem.image_shape is not None
    shape, ends = problem.image_shape, black_and_white(problem.train.x[:1000].numpy(), problem.value_range)
    panels = [
        sample_rows(
            grey_bytes(x.numpy(), shape, ends), grey_bytes(of.numpy(), shape, ends).reshape(*of.shape[:2], *shape)
        )
        for of in sampled
    ]
    steps = (
        [] if gibbs is None else [f"a sample every {gibbs} Gibbs steps" if gibbs > 1 else "a sample every Gibbs step"]
    )
    return side_by_side(panels, [[f"{run.method}, {pretrained_with(run.pretraining)}", *steps] for run in runs])
