"""Every command has its function, and a summary that is the first line of the function's docstring."""

import inspect

import pytest

from sdae.cli.commands import COMMANDS, TRAINING, WORDS, function_of, summary


@pytest.mark.parametrize("command", [*TRAINING, *COMMANDS])
def test_a_command_has_its_function(command):
    function = function_of(command)
    assert summary(command) == (inspect.getdoc(function) or "").partition("\n")[0]
    assert summary(command).endswith(".") or ":" in summary(command)
    if command in WORDS:
        assert WORDS[command] in inspect.signature(function).parameters
