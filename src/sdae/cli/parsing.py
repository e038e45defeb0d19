"""Parses a training command, and holds it against the configuration that its run's folder keeps."""

import json
from itertools import pairwise
from pathlib import Path

from jsonargparse import ArgumentParser, Namespace

from sdae.cli.messages import plain_option
from sdae.config.building import SECTIONS, anchor
from sdae.config.fitting import WITHOUT_EFFECT
from sdae.config.names import config_file, is_class, known, read_config, section, shipped
from sdae.config.typed import keys_of, underlying
from sdae.errors import SdaeError

# What a command may say beside its run's configuration.
NOT_CONFIGURATION = ("config", "run", "overwrite", "weights", "output", "input", "layer", "split", "path")
READING = {"trainer", *NOT_CONFIGURATION} - {"config", "overwrite"}  # what the commands that read a run may say


def parse(parser: ArgumentParser, args: list[str]) -> Namespace:
    """Parse the words behind the program's name, and say which file it is that cannot be used.

    Raises:
        SdaeError: If they cannot be parsed; the parser's own messages name no file.
    """
    words = expand(args)
    try:
        config = parser.parse_args(words)
        for name in SECTIONS:
            if not isinstance(given := config[config.subcommand][name], Namespace):
                raise SdaeError(f"{name}: a section of keys and values, not {given}")
        anchor(config[config.subcommand])
    except Exception as error:
        file, text = _suspect(args), str(error)
        message = underlying(error) or plain_option(text, _keys(parser, args))
        unclear = file and not str(message).startswith("--")  # whether it is the file's or a flag's
        raise SdaeError(f"{message}{f' (in {file}, or a flag)' if unclear else ''}") from error
    return config


def _keys(parser: ArgumentParser, args: list[str]) -> list[str]:
    """Return the keys of the command that the words name, and the option that :func:`expand` replaces by them."""
    command = (parser._subcommands_action.choices if parser._subcommands_action else {}).get(args[0])
    keys = keys_of(command or parser)
    return [*keys, "method"] if args[0] == "fit" else [key for key in keys if key.partition(".")[0] in READING]


def expand(args: list[str]) -> list[str]:
    """Replace ``--config FILE``, ``--data NAME`` and ``--method NAME`` by the content of their files.

    Files are read strictly and in UTF-8, where jsonargparse takes the locale's encoding. Of two words for one value the
    parser takes the later, so the order of precedence is made here, wherever the words stand on the command line:
    configurations first, then problem and method, then single options. ``--overwrite`` without a value gets
    the one that jsonargparse needs.

    Args:
        args: The words behind the program's name; the first is the command, unless it is an option.

    Raises:
        SdaeError: If a name is unknown, or a file cannot be read.
    """
    command = [arg for arg in args[:1] if not arg.startswith("-")]
    configurations: list[str] = []
    named: list[str] = []
    others: list[str] = []
    rest = iter(args[len(command) :])
    for arg in rest:
        option, equals, value = arg.partition("=")
        if option not in ("--data", "--method", "--config", "-c"):
            shown = others[-1:] == ["--data.help"] and arg in known("data")
            others.append(section("data", arg)["class_path"] if shown else arg)
            continue
        value = value if equals else next(rest, "")
        if option == "--method" and (not value or value.startswith("-")):  # which the parser does not know
            raise SdaeError("--method: needs a value, such as sdae-3")
        if not value:  # the parser says what is missing
            others.append(arg)
        elif option == "--data":
            named.append(f"--data={value if is_class(value) else json.dumps(section('data', value))}")
        elif option == "--method":
            named.append(f"--config={json.dumps(section('method', value))}")
        else:
            content = read_config(config_file("experiment", value))
            if "class_path" in content:
                raise SdaeError(f"--config {value}: describes a problem, not a run; use --data {value}")
            if "studies" in content:
                raise SdaeError(f"--config {value}: describes a sweep, not a run; use sweep --config {value}")
            configurations.append(f"--config={json.dumps(content)}")
    return [*command, *configurations, *named, *map(_with_value, others, [*others[1:], ""])]


def _with_value(arg: str, following: str) -> str:
    return "--overwrite=true" if arg == "--overwrite" and following.lower() not in ("true", "false") else arg


def configures(args: list[str]) -> bool:
    """Return whether the words name a problem or a configuration, and so describe a new run."""
    return any(arg.partition("=")[0] in ("--data", "--config", "-c") for arg in args)


def _suspect(args: list[str]) -> str | None:
    """Return the last file that the words name, one of the user's own before a shipped one."""
    files = [value for option, value in pairwise([*args, ""]) if option in ("-c", "--config", "--data", "--method")]
    files += [arg.partition("=")[2] for arg in args if arg.startswith(("--config=", "--data=", "--method="))]
    files = [file for file in files if Path(file).suffix in (".yaml", ".yml")]
    own = [file for file in files if not Path(file).is_relative_to(shipped("conf"))]
    return next(reversed(own or files), None)


def agree(command: str, asked: Namespace, kept: Namespace, kept_file: Path) -> None:
    """Refuse a command line that differs from the configuration its run's folder keeps, in what the results depend on.

    Args:
        command: The command: all but fit may run on another device.
        asked: The kept configuration with the command line on top, changed in place.
        kept: The kept configuration alone.
        kept_file: Where it is kept.

    Raises:
        SdaeError: If they disagree; names the key.
    """
    source = kept.get("data.init_args.source")
    if asked.get("data.init_args.source") == "auto" and source is not None:  # what that was resolved to is kept
        asked["data.init_args.source"] = source
    free = (*NOT_CONFIGURATION, *WITHOUT_EFFECT, *(() if command == "fit" else ("trainer",)))
    otherwise = ", name another folder with --run, or begin again with --overwrite" if command == "fit" else ""
    for key, value in asked.items():
        if f"{key}.".startswith(tuple(f"{each}." for each in free)) or key.endswith("__path__"):
            continue
        if value != kept.get(key):
            raise SdaeError(
                f"{kept_file}: {key} is {kept.get(key)} there and {value} on the command line; leave it out{otherwise}"
            )
