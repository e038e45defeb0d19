"""Errors that the user can correct, with one-line messages."""


class SdaeError(ValueError):
    """Input that cannot be used: names the file or the key, and what to do.

    The command line prints the message alone and exits with status 2; a traceback comes with ``--debug``.
    """


class Diverged(SdaeError):
    """Training that diverged: a loss is NaN or infinite or rises for epochs, or nearly all units became constant.

    The usual cause is a learning rate that is too large for this batch size.
    """
