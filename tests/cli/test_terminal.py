"""Words of the command line before they are parsed."""

from pathlib import Path

import pytest

from sdae.cli.terminal import at_home


@pytest.mark.parametrize(
    ("word", "expanded"),
    [
        ("~/x", "{home}/x"),
        ("--run=~/x", "--run={home}/x"),
        ("--data.init_args.path=~", "--data.init_args.path={home}"),
        ("~other/x", "~other/x"),
        ("--run=a~/x", "--run=a~/x"),
        ("--run", "--run"),
    ],
)
def test_home_is_expanded_at_the_start_of_a_value(word, expanded):
    assert at_home([word]) == [expanded.format(home=Path.home())]
