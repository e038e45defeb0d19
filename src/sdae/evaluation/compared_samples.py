"""What the pretrained stacks of several runs regenerate from their top layers (section 7, Figures 14 and 15)."""

import dataclasses
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from sdae.data.problem import Problem
from sdae.errors import SdaeError
from sdae.evaluation.beside import beside_its_run, write_numbers
from sdae.evaluation.first_layer import pretrained_with
from sdae.evaluation.judge import Judge, Judgement
from sdae.evaluation.sample_report import shown_on_screen
from sdae.evaluation.samples import Form, resample, sample_chain
from sdae.evaluation.trained import Trained
from sdae.models.layer import Layer
from sdae.models.rbm import RBM
from sdae.pictures.grey import black_and_white, grey
from sdae.pictures.panels import side_by_side
from sdae.pictures.sample_rows import sample_rows
from sdae.pictures.tiles import write_picture
from sdae.runs.versions import versions
from sdae.seeds import generator, numpy_generator
from sdae.tracking.tracking import Mode, told_apart, tracked
from sdae.training.cross_validation import refuse_folds

JUDGED_DRAWS = 2  # samples of each example that is judged: two, whose distance is the variability

log = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True)
class Stack:
    """A run's layers, each with its decoder, and what to call them."""

    run: Trained
    layers: list[Layer]
    method: str
    noise: str


def compare_samples(
    runs: Sequence[Trained],
    output: Path,
    examples: list[int] | None = None,
    rows: int = 10,
    draws: int = 8,
    top: Form = "draw",
    last: Form = "mean",
    gibbs: int | None = None,
    judged: int = 1000,
    seed: int = 1,
    wandb: Mode | None = None,
) -> str:
    """Regenerate training examples by several runs, draw and judge the samples, and return what is shown of them.

    Args:
        runs: One or several runs of the same problem.
        output: The picture to write, a .png; the numbers go beside it, as .json.
        examples: Numbers of the training examples to show, counted from 1; default: drawn, of each class in turn.
        rows: How many examples to draw.
        draws: Samples in a row.
        top: ``draw``: sample the top units from their means, which the representation is; ``mean``: begin with these.
        last: ``mean``: show the grey levels that the last decoding gives; ``draw``: sample from them.
        gibbs: For a DBN, steps of alternating Gibbs sampling in its top RBM before each sample.
        judged: Training examples whose samples are judged, and test examples beside them; 0 for the picture alone.
        seed: Of the draws.
        wandb: Where to track it; default: as the first run was.

    Raises:
        SdaeError: If a run has no such weights, the runs are not of one problem, or a file cannot be written.
    """
    stacks = [_open(run) for run in runs]
    problem = _one_problem(stacks)
    if gibbs is not None:
        _require_dbns(stacks)
    problem.load()
    shown = _chosen(examples, problem, rows, seed)
    if judged > (known := len(problem.labelled.x)):
        raise SdaeError(f"judged {judged}: {problem.name} has {known} training examples with a class; 0 judges none")

    def sample(stack: Stack, x: Tensor, n: int, purpose: str) -> Tensor:
        draw = generator(seed, "samples", purpose)  # the same for every run
        if gibbs is not None:
            return sample_chain(stack.layers, x, n, gibbs, draw, last)
        return resample(stack.layers, x, n, draw, top, last)

    content: dict[str, Any] = {
        "picture": output.name if problem.image_shape is not None else None,
        "problem": problem.name,
        "provenance": problem.provenance,
        "note": problem.note,
        "seed": seed,
        "shown": (shown + 1).tolist(),
        "top": "draw" if gibbs is not None else top,
        "last": last,
        "gibbs": gibbs,
        "versions": versions(),
        "runs": [_record(stack) for stack in stacks],
    }
    if judged:
        _judge(content, stacks, problem, judged, seed, sample)
    picture = None
    if problem.image_shape is not None:
        x = problem.train.x[shown]
        picture = _picture(stacks, problem, x, [sample(stack, x, draws, "shown") for stack in stacks], gibbs)
        write_picture(picture, output)
    beside = write_numbers(content, output)
    _tell(stacks[0], wandb, output, picture, content)
    return shown_on_screen(content, output if picture is not None else None, beside)


# -- what is asked for ------------------------------------------------------------------------------------------------


def check(output: Path, rows: int, draws: int, gibbs: int | None, judged: int) -> None:
    """Refuse what cannot be drawn, before any run is read.

    Raises:
        SdaeError: If the picture is no .png, or a number is too small.
    """
    if output.suffix.lower() != ".png":
        raise SdaeError(f"output {output}: the name of a .png file")
    for name, value, least in (("rows", rows, 1), ("draws", draws, 1), ("gibbs", gibbs, 1), ("judged", judged, 0)):
        if value is not None and value < least:
            raise SdaeError(f"{name} {value}: at least {least}")


def _open(run: Trained) -> Stack:
    path = run.folder.path
    refuse_folds(run.problem, run.folder)
    layers = run.layers
    ours, theirs = run.problem.n_features, layers[0].encoder.in_features
    if ours != theirs:
        raise SdaeError(f"{path}: is of a network with {theirs} inputs, {run.problem.name} has {ours}")
    if not all(value.isfinite().all() for layer in layers for value in layer.state_dict().values()):
        raise SdaeError(f"{path}: its weights are no numbers; training diverged")
    return Stack(run, layers, run.method, pretrained_with(run.pretraining))


def _one_problem(stacks: Sequence[Stack]) -> Problem:
    """Return the problem that all runs are of."""
    first, *others = (stack.run for stack in stacks)
    for other in others:
        if other.config["data"] != first.config["data"]:
            raise SdaeError(
                f"{other.folder.path}: is not of the same data as {first.folder.path}; "
                "only runs of one problem lie side by side"
            )
    return first.problem


def _require_dbns(stacks: Sequence[Stack]) -> None:
    for stack in stacks:
        if not isinstance(stack.layers[-1], RBM):
            raise SdaeError(f"gibbs: {stack.run.folder.path} is an {stack.method}, and has no RBM on top to sample")


def _chosen(examples: list[int] | None, problem: Problem, rows: int, seed: int) -> np.ndarray:
    """Return rows of the training set: those asked for, or as many of each class, in their order."""
    n = len(problem.train.x)
    for number in examples or []:
        if not 1 <= number <= n:
            raise SdaeError(f"examples {number}: {problem.name} has training examples 1 to {n}")
    if examples:
        return np.array(examples) - 1
    order, t = numpy_generator(seed, "samples", "examples").permutation(n), problem.train.t.numpy()
    of_each = [order[t[order] == k] for k in np.unique(t)]
    turns = [row for turn in range(rows) for its in of_each for row in its[turn : turn + 1]][:rows]
    return np.array(sorted(turns, key=lambda row: t[row]))


# -- what comes of it -------------------------------------------------------------------------------------------------


def _record(stack: Stack) -> dict[str, Any]:
    return {
        "run": str(stack.run.folder.path),
        "method": stack.method,
        "pretrained_with": stack.noise,
        "seed": stack.run.config["seed_everything"],
    }


def _judge(
    content: dict[str, Any],
    stacks: Sequence[Stack],
    problem: Problem,
    n: int,
    seed: int,
    sample: Callable[[Stack, Tensor, int, str], Tensor],
) -> None:
    """Add the numbers to what is kept."""
    log.info("judging the samples of %d training examples", n)
    judge = Judge(problem.train, problem.test, n, seed)
    known = (problem.train.t >= 0).nonzero()[:, 0]
    rows = known[torch.from_numpy(numpy_generator(seed, "samples", "judged").permutation(len(known))[:n])]
    content |= {"judged": n, "draws_judged": JUDGED_DRAWS, "classifier": judge.described}
    content["real"] = dataclasses.asdict(judge.real)
    for stack, record in zip(stacks, content["runs"], strict=True):
        judgement = judge.of(sample(stack, problem.train.x[rows], JUDGED_DRAWS, "judged"), rows)
        record |= dataclasses.asdict(judgement)


def _picture(
    stacks: Sequence[Stack], problem: Problem, x: Tensor, sampled: Sequence[Tensor], gibbs: int | None
) -> Image.Image:
    assert problem.image_shape is not None
    shape, ends = problem.image_shape, black_and_white(problem.train.x[:1000].numpy(), problem.value_range)
    panels = [
        sample_rows(grey(x.numpy(), shape, ends), grey(of.numpy(), shape, ends).reshape(*of.shape[:2], *shape))
        for of in sampled
    ]
    steps = (
        [] if gibbs is None else [f"a sample every {gibbs} Gibbs steps" if gibbs > 1 else "a sample every Gibbs step"]
    )
    return side_by_side(panels, [[f"{stack.method}, {stack.noise}", *steps] for stack in stacks])


def _tell(first: Stack, mode: Mode | None, output: Path, picture: Image.Image | None, content: dict[str, Any]) -> None:
    """Put picture and numbers on a W&B run of their own, in the group of the first run."""
    tracking = beside_its_run(first.run, "samples", output.stem, mode)
    asked = {key: value for key, value in content.items() if key not in ("runs", "real", "versions")}
    asked["runs"] = [one["run"] for one in content["runs"]]
    tags = [first.run.problem.name, first.method]
    with tracked(tracking, first.run.folder.path, None, None, asked, tags) as tracker:
        if picture is not None:
            tracker.image("samples", np.asarray(picture), "the training example first")
        numbers = [field.name for field in dataclasses.fields(Judgement)]
        for name, one in zip(told_apart(asked["runs"]), content["runs"], strict=True):
            tracker.summary({f"{name}/{key}": one[key] for key in numbers if key in one})
