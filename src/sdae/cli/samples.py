"""``samples``: samples that a pretrained stack generates from its top layer (section 7, Figures 14 and 15)."""

from pathlib import Path

from sdae.cli.choices import Form, Mode
from sdae.errors import SdaeError


def samples(
    run: list[Path] | None = None,
    output: Path = Path("samples.png"),
    examples: list[int] | None = None,
    rows: int | None = None,
    draws: int = 8,
    top: Form | None = None,
    last: Form = "mean",
    gibbs: int | None = None,
    judged: int | None = None,
    seed: int = 1,
    path: Path | None = None,
    wandb: Mode | None = None,
) -> None:
    """Regenerate training examples from their top-layer representation, as in Figure 15.

    Each row begins with a training example. It is encoded deterministically to the top; to its right, Bernoulli
    sampling and decoding alternate down to the input, anew for each picture. Several runs are shown side by side, with
    the same examples. The weights are those before fine-tuning, the only ones that have decoders.

    Numbers beside the picture, of two samples each of many training examples: how often an SVM trained on other
    training examples assigns a sample to another class than its example's; the distance to the nearest other training
    example, in units of the input; and the distance between the two samples. The same numbers of real test examples are
    given for comparison.

    Args:
        run: The runs' folders, one or several of the same problem.
        output: The picture to write, a .png; the numbers are written beside it, as .json.
        examples: Numbers of the training examples to show, counted from 1; default: drawn at random, of each class
            in turn.
        rows: Number of examples to draw if examples are not named; default: 10.
        draws: Samples in a row.
        top: draw: sample the top units from their means, which the representation is; mean: begin with these;
            default: draw.
        last: mean: show the grey levels that the last decoding gives; draw: sample from them.
        gibbs: For a DBN, steps of alternating Gibbs sampling in its top RBM before each sample: a row is then a chain
            that starts at the example.
        judged: Number of training examples whose samples are judged, and of test examples; 0 for the picture alone;
            default: 1,000, or half of those with a class if there are fewer than 2,000.
        seed: Seed of the draws.
        path: New location of the runs' data, a file or folder; default: the original location.
        wandb: Where to track it; default: as for the first run.
    """
    from sdae.config.runs import load
    from sdae.evaluation.compared_samples import Sampling, compare_samples
    from sdae.evaluation.picture import require_png

    require_png(output)
    sampling = Sampling(examples, rows, draws, top, last, gibbs, judged, seed)
    if not run:
        raise SdaeError("samples: a run is needed; name its folder with --run")
    runs = [load(folder, path) for folder in run]
    print(compare_samples(runs, output, sampling, wandb))
