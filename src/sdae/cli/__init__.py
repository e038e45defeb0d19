"""Every command behind one door and one ``--help``."""

import logging
import os
import sys
import traceback
from argparse import ArgumentError
from collections.abc import Callable
from typing import Any

from sdae.errors import SdaeError

os.environ.setdefault("JSONARGPARSE_DEPRECATION_WARNINGS", "off")  # Lightning's use of jsonargparse, not ours

TRAINING = {
    "fit": "pretrain layer by layer, fine-tune, and test the best weights once",
    "validate": "the validation error of a run's weights",
    "test": "the test error of a run's weights",
    "predict": "class probabilities, or a layer's representation, as .npy",
}

# Every other command: a plain typed function, whose docstring is its help.
COMMANDS: dict[str, Callable[..., Any]] = {}


def main(args: list[str] | None = None) -> None:
    """Run one command; end with a one-line error and status 2 where the user can mend it.

    Args:
        args: The command line; ``sys.argv`` where none is given.
    """
    args = list(sys.argv[1:] if args is None else args)
    debug = "--debug" in args
    args = [arg for arg in args if arg != "--debug"]
    logging.basicConfig(format="%(message)s")
    logging.getLogger("sdae").setLevel(logging.INFO)
    try:
        _run(args)
    except (KeyboardInterrupt, SystemExit) as stop:
        # Lightning turns an interrupt into an exit.
        if isinstance(stop, KeyboardInterrupt) or isinstance(stop.__context__, KeyboardInterrupt):
            sys.exit("interrupted; fit --run with the run's folder goes on")
        raise
    except (SdaeError, OSError, ArgumentError) as error:
        if debug:
            traceback.print_exception(error)
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        sys.exit(2)


def _run(args: list[str]) -> None:
    command = args[0] if args else "--help"
    if command in ("-h", "--help"):
        print(overview())
    elif command in TRAINING:
        from sdae.cli.names import install_loader
        from sdae.cli.training import TrainingCLI

        install_loader()
        TrainingCLI(args)
    elif command in COMMANDS:
        from jsonargparse import auto_cli

        from sdae.cli.names import expand, install_loader

        install_loader()
        auto_cli(COMMANDS[command], args=expand(args[1:]), prog=f"sdae {command}", exit_on_error=False)
    else:
        raise SdaeError(f"{command}: no such command; choose one of {', '.join([*TRAINING, *COMMANDS])}")


def overview() -> str:
    """List every command, one line each."""
    lines = TRAINING | {name: (function.__doc__ or "").partition("\n")[0] for name, function in COMMANDS.items()}
    width = max(map(len, lines))
    return "\n".join(
        [
            "usage: python src/cli.py COMMAND [options]",
            "",
            "Stacked Denoising Autoencoders (Vincent et al., JMLR 2010), runnable again.",
            "",
            *(f"  {name:<{width}}  {text}" for name, text in lines.items()),
            "",
            "COMMAND --help explains its options; --debug shows where an error came from.",
        ]
    )
