"""Every command behind one door and one ``--help``."""

import logging
import os
import signal
import sys
import traceback
from argparse import ArgumentError
from collections.abc import Callable, Mapping
from typing import Any

from sdae.cli.endings import interrupted_by, leave_closed_pipe, terminable
from sdae.cli.functions import run_function
from sdae.cli.names import install_loader
from sdae.cli.words import at_home, readable_everywhere
from sdae.errors import SdaeError

os.environ.setdefault("JSONARGPARSE_DEPRECATION_WARNINGS", "off")  # Lightning's use of jsonargparse, not ours

TRAINING = {
    "fit": "Pretrain layer by layer, fine-tune, and test the best weights once.",
    "validate": "Print the validation error of a run's weights.",
    "test": "Print the test error of a run's weights.",
    "predict": "Write class probabilities, or a layer's representation, as .npy.",
}


def main(args: list[str] | None = None) -> None:
    """Run one command; end with a one-line error and status 2 where the user can mend it.

    An interrupt ends with status 1, SIGTERM with 143, a pipe that its reader closed with 141 and no line.

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
        what = "fit --run with the run's folder" if args[:1] == ["fit"] else "the same command"
        print(f"interrupted; {what} goes on", file=sys.stderr)
        sys.exit(143 if number == signal.SIGTERM else 1)
    except BrokenPipeError:
        leave_closed_pipe()
    except (SdaeError, OSError, ArgumentError) as error:
        if debug:
            traceback.print_exception(error)
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        sys.exit(2)


def _run(args: list[str]) -> None:
    from sdae.cli.commands import COMMANDS

    name = next((name for name in COMMANDS if args[: len(name.split())] == name.split()), args[0] if args else "--help")
    rest = args[len(name.split()) :]
    if name in ("-h", "--help"):
        print(overview({**TRAINING, **_summaries(COMMANDS)}))
    elif name in TRAINING:
        from sdae.cli.training import TrainingCLI

        install_loader()
        TrainingCLI(args)
    elif name in COMMANDS:
        run_function(name, COMMANDS[name], rest)
    elif family := {known: text for known, text in _summaries(COMMANDS).items() if known.split()[0] == name}:
        if rest and rest[0] not in ("-h", "--help"):
            raise SdaeError(f"{name} {rest[0]}: no such command; choose one of {', '.join(family)}")
        print(overview(family))
    else:
        raise SdaeError(f"{name}: no such command; choose one of {', '.join([*TRAINING, *COMMANDS])}")


def _summaries(commands: Mapping[str, Callable[..., Any]]) -> dict[str, str]:
    return {name: (function.__doc__ or "").partition("\n")[0] for name, function in commands.items()}


def overview(commands: Mapping[str, str]) -> str:
    """List commands, one line each."""
    width = max(map(len, commands))
    return "\n".join(
        [
            "usage: python src/cli.py COMMAND [options]",
            "",
            "Stacked Denoising Autoencoders (Vincent et al., JMLR 2010), runnable again.",
            "",
            *(f"  {name:<{width}}  {text}" for name, text in commands.items()),
            "",
            "COMMAND --help explains its options; --debug shows where an error came from.",
        ]
    )
