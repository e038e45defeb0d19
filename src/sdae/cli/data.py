"""``data list``, ``data prepare`` and ``data show``: the problems, without a network."""

import logging
import math
from pathlib import Path
from typing import Literal

from sdae.cli.choices import Source
from sdae.errors import SdaeError

log = logging.getLogger(__name__)


def list_problems(root: Path | None = None) -> None:
    """List the problems: sizes, range of values, and the files on disk.

    Args:
        root: Data folder; default: $SDAE_DATA, or ~/.cache/sdae.
    """
    from sdae.config.names import known
    from sdae.config.problems import load_problem
    from sdae.formatting import table

    rows = []
    for name in known("data"):
        problem = load_problem(name, root)
        low, high = problem.value_range
        rows.append(
            [
                name,
                *(f"{size:,}" for size in problem.sizes),
                str(problem.n_classes) if problem.n_classes else "–",
                str(problem.n_features),
                f"{low:g} to {high:g}" if math.isfinite(high - low) else "any",
                ", ".join(problem.on_disk()) or "–",
            ]
        )
    head = ["problem", "train", "valid", "test", "classes", "components", "values", "on disk"]
    print(f"{load_problem(known('data')[0], root).root}\n\n{table(head, rows)}")


def prepare_problems(names: list[str], root: Path | None = None, source: Source | None = None) -> None:
    """Fetch or generate problems into the data folder; several processes may do so at once.

    Args:
        names: Short names, or all.
        root: Data folder; default: $SDAE_DATA, or ~/.cache/sdae.
        source: auto, original or generated, if the problem has them.

    Raises:
        SdaeError: If one cannot be prepared; the others are prepared nevertheless.
    """
    from sdae.config.names import known
    from sdae.config.problems import load_problem

    names, failed = known("data") if names == ["all"] else names, []
    for name in names:
        try:
            problem = load_problem(name, root, source)
            problem.prepare_data()
            print(f"{name}: {problem.provenance}", flush=True)
        except SdaeError as error:
            if len(names) == 1:
                raise
            log.warning("%s: not prepared: %s", name, str(error).removeprefix(f"{name}: "))
            failed.append(name)
    if failed:
        raise SdaeError(f"data prepare: {', '.join(failed)} could not be prepared")


def show(
    name: str,
    output: Path = Path("samples.png"),
    root: Path | None = None,
    source: Source | None = None,
    split: Literal["train", "valid", "test"] = "train",
    n: int = 100,
    seed: int = 1,
) -> None:
    """Draw a sheet of a problem's examples with their classes, as in Figure 9.

    Args:
        name: The problem's short name.
        output: The picture to write.
        root: Data folder; default: $SDAE_DATA, or ~/.cache/sdae.
        source: auto, original or generated, if the problem has them.
        split: Which examples: train, valid or test.
        n: Number of examples.
        seed: Seed of the draw: original test files are ordered by class.
    """
    from PIL import Image

    from sdae.config.problems import load_problem
    from sdae.pictures.sheet import sheet
    from sdae.pictures.tiles import write_picture
    from sdae.seeds import numpy_generator

    if n < 1:
        raise SdaeError(f"n {n}: at least one example")
    if output.suffix.lower() not in Image.registered_extensions():
        raise SdaeError(f"output {output}: the name of a picture, such as {output.stem}.png")
    problem = load_problem(name, root, source)
    problem.load()
    if problem.image_shape is None:
        raise SdaeError(f"{name}: its examples are not pictures")
    x, t = problem.splits[split]
    if len(t) == 0:
        raise SdaeError(f"{name}: has no {split} examples")
    rows = numpy_generator(seed, "show", name, split).permutation(len(t))[:n]
    picture = sheet(x[rows].numpy(), problem.class_names_of(t[rows]), problem.image_shape, problem.value_range)
    write_picture(picture, output)
    print(f"{output}: {len(rows)} {split} examples of {problem.name}, {problem.provenance}")
