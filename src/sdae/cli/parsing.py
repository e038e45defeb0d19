"""Parses a training command, and holds it against the configuration that its run's folder keeps."""

from itertools import pairwise
from pathlib import Path
from typing import Any

from jsonargparse import ArgumentParser, Namespace

from sdae.cli.names import shipped
from sdae.errors import SdaeError

SECTIONS = ("trainer", "model", "pretraining", "fine_tuning", "tracking")
# What a command may say beside its run's configuration.
NOT_CONFIGURATION = ("config", "run", "overwrite", "weights", "output", "input", "layer", "split", "path")


def parse(parser: ArgumentParser, args: list[str]) -> Namespace:
    """Parse the words behind the program's name, and say which file it is that cannot be used.

    Raises:
        SdaeError: If they cannot be parsed; the parser's own messages name no file.
    """
    try:
        config = parser.parse_args(args)
        for section in SECTIONS:
            if not isinstance(given := config[config.subcommand][section], Namespace):
                raise SdaeError(f"{section}: a section of keys and values, not {given}")
        anchor(config[config.subcommand])
    except Exception as error:
        file = _suspect(args)
        raise SdaeError(f"{buried(error) or error}{f' (in {file}, or a flag)' if file else ''}") from error
    return config


def _suspect(args: list[str]) -> str | None:
    """Return the last file that the words name, one of the user's own before a shipped one."""
    files = [value for option, value in pairwise([*args, ""]) if option in ("-c", "--config")]
    files += [arg.partition("=")[2] for arg in args if arg.startswith(("--config=", "--data="))]
    files = [file for file in files if Path(file).suffix in (".yaml", ".yml")]
    own = [file for file in files if not Path(file).is_relative_to(shipped("conf"))]
    return next(reversed(own or files), None)


def anchor(config: Namespace) -> None:
    """Make the files and folders of the data absolute, in place: what a run keeps is read from any other folder too."""
    for key, value in config.get("data.init_args", Namespace()).items():
        config[f"data.init_args.{key}"] = _absolute(value)


def _absolute(value: Any) -> Any:
    if isinstance(value, Path):
        return value.expanduser().absolute()
    return tuple(_absolute(part) for part in value) if isinstance(value, tuple) else value


def buried(error: BaseException | None) -> SdaeError | None:
    """Return what a constructor said of its values, over which jsonargparse heaps errors of its own."""
    while error is not None and not isinstance(error, SdaeError):
        error = error.__cause__
    return error


def agree(asked: Namespace, kept: Namespace, kept_file: Path) -> None:
    """Refuse a command line that says otherwise than the configuration its run's folder keeps.

    Args:
        asked: What the kept configuration and the command line come to together, changed in place.
        kept: What the kept configuration alone comes to.
        kept_file: Where it is kept.

    Raises:
        SdaeError: If they disagree; names the key.
    """
    if asked.get("data.init_args.source") == "auto":  # what that came to is kept, so that it comes to the same again
        asked["data.init_args.source"] = kept.data.init_args.source
    for key, value in asked.items():
        if key.split(".")[0] in NOT_CONFIGURATION or key.endswith("__path__"):
            continue
        if value != kept.get(key):
            raise SdaeError(
                f"{kept_file}: {key} is {kept.get(key)} there and {value} on the command line; "
                "leave it out, or name another folder with --run"
            )
