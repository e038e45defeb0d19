"""What the program and its parameters are called in messages."""

import sys

import pytest

from sdae.cli.messages import as_called, as_flags, program


@pytest.mark.parametrize(("called", "name"), [("src/cli.py", "python src/cli.py"), ("/usr/bin/sdae", "sdae")])
def test_commands_are_shown_as_the_user_types_them(monkeypatch, called, name):
    monkeypatch.setattr(sys, "argv", [called])
    assert program() == name
    assert as_called("run python src/cli.py fit") == f"run {name} fit"


def test_a_message_names_the_flag_that_a_parameter_is():
    assert as_flags("output x.pdf: the name of a .png file", {"output"}) == "--output x.pdf: the name of a .png file"
    assert as_flags("data nowhere: unknown") == "--data nowhere: unknown"
    assert as_flags("runs/a: holds no run", {"output"}) == "runs/a: holds no run"
    assert as_flags("data prepare: rect could not be prepared") == "data prepare: rect could not be prepared"
