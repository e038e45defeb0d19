"""A plain typed function as a command: its parameters are flags."""

from pathlib import Path
from typing import Literal

import pytest

from sdae.cli.flags import Command


def command(names: list[str], layers: list[int] | None = None, quick: bool = False, n: int = 1) -> tuple:
    """Return what it was called with.

    Args:
        names: Names.
        layers: Layers.
        quick: Whether it is quick.
        n: How many.
    """
    return names, layers, quick, n


def options(run: str | None = None, layers: list[int] | None = None, quick: bool = True) -> tuple:
    """Return what it was called with.

    Args:
        run: A folder.
        layers: Layers.
        quick: Whether it is quick.
    """
    return run, layers, quick


def folders(
    paths: list[Path] | None = None, output: Path = Path("out"), kernels: list[Literal["a", "b"]] | None = None
):
    """Return what it was called with.

    Args:
        paths: Folders.
        output: A folder.
        kernels: Kernels.
    """
    return paths or [], output, kernels


def called(function, args, **how):
    made = Command(function, **how)
    return made.call(made.parser.parse_args(args))


@pytest.mark.parametrize(
    ("words", "values"),
    [
        ("a b", (["a", "b"], None, False, 1)),
        ("a --layers 0 1 3 --n 2", (["a"], [0, 1, 3], False, 2)),
        ("a --layers [0,1] --quick", (["a"], [0, 1], True, 1)),
        ("a --layers 2 --quick false", (["a"], [2], False, 1)),
        ("a --quick --n 5", (["a"], None, True, 5)),
        ("a --layers=[4]", (["a"], [4], False, 1)),
    ],
)
def test_lists_are_words_and_flags_need_none(words, values):
    assert called(command, words.split()) == values


def test_a_first_parameter_that_is_no_list_keeps_its_words():
    assert called(options, ["--run", "x", "--layers", "-1", "2", "--quick", "false"]) == (*("x", [-1, 2], False),)


@pytest.mark.parametrize(
    ("words", "paths", "output"),
    [
        (["2010"], ["2010"], "out"),
        (["a, b"], ["a, b"], "out"),
        (["[a]", "null", "true"], ["[a]", "null", "true"], "out"),
        (["--output", "rep", "runs"], ["runs"], "rep"),
        (["runs", "--output=2010"], ["runs"], "2010"),
        ([], [], "out"),
    ],
)
def test_words_are_what_they_say(words, paths, output):
    assert called(folders, words, words="paths") == ([Path(path) for path in paths], Path(output), None)


@pytest.mark.parametrize(
    "words",
    [["--kernels", "c"], ["--kernel", "a"], ["--frob"], ["--output"], ["--kernels"]],
)
def test_what_does_not_fit_is_refused(words):
    with pytest.raises(Exception, match="kernel|frob|output"):
        called(folders, words, words="paths")


def test_the_docstring_is_the_help():
    text = " ".join(Command(command).parser.format_help().split())
    assert "Return what it was called with." in text
    assert "--layers LAYERS [LAYERS ...] Layers. (type: Union[int, list[int]]" in text or "Layers. (type: int" in text
    assert "--n N How many. (type: int, default: 1)" in text
