"""The words of a command line, given to a plain typed function."""

import pytest
from sdae.cli.functions import run_function


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


@pytest.mark.parametrize(
    ("words", "called"),
    [
        ("a b", (["a", "b"], None, False, 1)),
        ("a --layers 0 1 3 --n 2", (["a"], [0, 1, 3], False, 2)),
        ("a --layers [0,1] --quick", (["a"], [0, 1], True, 1)),
        ("a --layers 2 --quick false", (["a"], [2], False, 1)),
        ("a --quick --n 5", (["a"], None, True, 5)),
        ("a --layers=[4]", (["a"], [4], False, 1)),
    ],
)
def test_lists_are_words_and_flags_need_none(words, called):
    assert run_function("command", command, words.split()) == called


def test_a_first_parameter_that_is_no_list_keeps_its_words():
    assert run_function("options", options, ["--run", "x", "--layers", "-1", "2", "--quick", "false"]) == (
        *("x", [-1, 2], False),
    )
