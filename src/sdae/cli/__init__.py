"""The entry point of every command, and the overall ``--help``."""

import logging
import os
import sys
import traceback
from argparse import ArgumentError
from collections.abc import Mapping
from importlib.metadata import version

from sdae.cli.commands import COMMANDS, RESUMED, TRAINING, WORDS, function_of, summary
from sdae.cli.interruption import exit_status, interrupted_by, leave_closed_pipe, terminable
from sdae.cli.messages import as_called, as_flags, plain_option, program
from sdae.cli.terminal import at_home, readable_everywhere
from sdae.errors import SdaeError

os.environ.setdefault("JSONARGPARSE_DEPRECATION_WARNINGS", "off")  # about Lightning's use of jsonargparse


def main(args: list[str] | None = None) -> None:
    """Run one command; end with a one-line error and status 2 if the user can correct it.

    An interrupt ends with status 1 and SIGTERM with 143, and a line that says how to resume what can be resumed; a
    closed output pipe with 141, without a message.

    Args:
        args: The command line; default: ``sys.argv``.
    """
    readable_everywhere()
    args = at_home(sys.argv[1:] if args is None else args)
    debug = "--debug" in args
    args = [arg for arg in args if arg != "--debug"]
    logging.basicConfig(format="%(message)s")
    logging.getLogger("sdae").setLevel(logging.INFO)
    try:
        with terminable():
            _run(args)
            sys.stdout.flush()
    except (KeyboardInterrupt, SystemExit) as stop:
        if (number := interrupted_by(stop)) is None:
            raise
        notes = [as_called(note) for note in getattr(stop, "__notes__", [])]
        print("; ".join(["interrupted", *notes]), file=sys.stderr)
        sys.exit(exit_status(number))
    except BrokenPipeError:
        leave_closed_pipe()
    except (SdaeError, OSError, ArgumentError) as error:
        if debug:
            traceback.print_exception(error)
        print(f"error: {as_called(' '.join(str(error).split()))}", file=sys.stderr)
        sys.exit(2)


def _run(args: list[str]) -> None:
    known = {**TRAINING, **COMMANDS}
    name = next((name for name in known if args[: len(name.split())] == name.split()), args[0] if args else "--help")
    family = [command for command in COMMANDS if command.split()[0] == name]
    if name in ("-h", "--help"):
        print(overview({command: summary(command) for command in known}))
    elif name == "--version":
        print(f"sdae {version('sdae')}")
    elif name in TRAINING:
        from sdae.cli.training import TrainingCLI

        try:
            TrainingCLI(args)
        except SdaeError as error:
            raise SdaeError(as_flags(str(error))) from error
    elif name in COMMANDS:
        _call(name, args)
    elif family:
        if args[1:] and args[1] not in ("-h", "--help"):
            raise SdaeError(f"{name} {args[1]}: no such command; choose one of {', '.join(family)}")
        print(overview({command: summary(command) for command in family}))
    else:
        raise SdaeError(f"{name}: no such command; choose one of {', '.join(known)}")


def _call(name: str, args: list[str]) -> None:
    """Parse the flags of a command other than the training commands, and call its function."""
    from jsonargparse import ArgumentParser

    from sdae.cli.flags import Command

    command = Command(function_of(name), WORDS.get(name))
    root = parser = ArgumentParser(prog=program(), exit_on_error=False, allow_abbrev=False)
    *above, last = name.split()
    for word in above:
        below = ArgumentParser(exit_on_error=False, allow_abbrev=False)
        parser.add_subcommands(required=True).add_subcommand(word, below)
        parser = below
    parser.add_subcommands(required=True).add_subcommand(last, command.parser)
    command.parser.prog = f"{program()} {name}"
    try:
        given = root.parse_args(args)
    except ArgumentError as error:
        raise SdaeError(as_flags(plain_option(str(error), command.flags), command.flags)) from error
    for word in name.split():
        given = given[word]
    try:
        command.call(given)
    except (KeyboardInterrupt, SystemExit) as stop:
        if name in RESUMED:
            stop.add_note("the same command resumes it")
        raise
    except SdaeError as error:
        raise SdaeError(as_flags(str(error), command.flags)) from error


def overview(commands: Mapping[str, str]) -> str:
    """List commands, one line each."""
    width = max(map(len, commands))
    return "\n".join(
        [
            f"usage: {program()} COMMAND [options]",
            "",
            "Stacked Denoising Autoencoders (Vincent et al., JMLR 2010), runnable again.",
            "",
            *(f"  {name:<{width}}  {text}" for name, text in commands.items()),
            "",
            "COMMAND --help explains its options; --debug shows where an error came from.",
        ]
    )
