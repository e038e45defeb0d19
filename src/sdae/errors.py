"""What a user can mend, said in one line."""


class SdaeError(ValueError):
    """Input that cannot be used: names the file or the key, and what to do.

    The command line prints the message alone and exits with status 2; a traceback comes with ``--debug``.
    """


class Diverged(SdaeError):
    """A loss that stopped being a number: the learning rate was too large for this batch size."""
