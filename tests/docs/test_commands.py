"""Every command of README and docs, parsed by what would run it; only the command itself does not run."""

import re
import shlex
import tomllib

import jsonargparse
import pytest
from pages import PAGES, TOP, commands

from sdae.cli import TRAINING, main
from sdae.cli.commands import COMMANDS

RUN = TOP / "docs" / "own-data.md"  # its commands build on one another, and tests/test_docs.py runs them
ALL = list(dict.fromkeys(said for page in PAGES if page != RUN for said in commands(page)))
OF_SDAE = [said for said in ALL if said.words[0] == "sdae" or said.words[:2] == ("python", "src/cli.py")]
OTHERS = [said for said in ALL if said not in OF_SDAE]


class Parsed(Exception):
    """The command line was parsed, and the command is about to run."""


@pytest.fixture
def checkout(tmp_path, door):
    """The current folder, with what a checkout has."""
    for name in ("conf", "sweeps", "results"):
        (tmp_path / name).symlink_to(TOP / name)
    (tmp_path / "runs").mkdir()
    return tmp_path


@pytest.mark.parametrize("said", OF_SDAE, ids=str)
def test_a_command_is_parsed(said, checkout, fitted, monkeypatch):
    def parsed(*args, **kwargs):
        raise Parsed

    command, *words = said.words[1:] if said.words[0] == "sdae" else said.words[2:]
    if command in ("validate", "test", "predict"):  # which read the configuration of their run
        (checkout / words[words.index("--run") + 1]).symlink_to(fitted.folder)
    for word in words:
        assert not word.startswith(("conf/", "sweeps/")) or (checkout / word).is_file()
    monkeypatch.setattr(jsonargparse.ArgumentParser, "instantiate_classes", parsed)
    with pytest.raises(SystemExit if {"--help", "--print_config"} & set(words) else Parsed) as ended:
        main([command, *words])
    assert not getattr(ended.value, "code", 0)


def _sbatch(words):
    assert (TOP / next(word for word in words if word.endswith(".sbatch"))).is_file()


def _make(words):
    targets = re.findall(r"^(\w+):", (TOP / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(words) <= set(targets)


def _pip(words):
    assert words[0] == "install"
    extras = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    for word in words[1:]:
        if extra := re.fullmatch(r"\.\[(.+)\]", word):
            assert set(extra[1].split(",")) <= extras.keys()
    if "-c" in words:
        assert (TOP / words[words.index("-c") + 1]).is_file()


def _python(words):
    script = TOP / words[0]
    text = script.read_text(encoding="utf-8")
    for word in words[1:]:
        assert not word.startswith("--") or f'"{word}"' in text


def _docker(words):
    assert words[0] == "build"
    assert (TOP / "Dockerfile").is_file()


def _nothing(words):
    """Check nothing: what every shell has."""


CHECKS = {
    "make": _make,
    "pip": _pip,
    "python": _python,
    "sbatch": _sbatch,
    "docker": _docker,
    **dict.fromkeys((".", "export", "python3"), _nothing),
}


@pytest.mark.parametrize("said", OTHERS, ids=str)
def test_another_program_is_given_what_exists(said):
    CHECKS[said.words[0]](said.words[1:])


def test_every_command_is_shown():
    shown = {said.words[1] for said in OF_SDAE} | {" ".join(said.words[1:3]) for said in OF_SDAE}
    assert {*TRAINING, *COMMANDS} <= shown


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_command_within_a_sentence_has_a_name_that_exists(page):
    known = {name.split()[0] for name in (*TRAINING, *COMMANDS)}
    for text in re.findall(r"`(?:sdae|python src/cli\.py) ([^`]+)`", page.read_text(encoding="utf-8")):
        word = shlex.split(text)[0]
        assert word in known or word == "COMMAND" or word.startswith("--")
