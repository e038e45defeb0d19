"""Sentences that the page and the Markdown share."""

VERDICTS = """\
Each comparison is between two test errors on the same problem. It agrees or disagrees with the claim if their intervals
do not overlap; otherwise it is undecided, which does not contradict a claim of being as good. The last column has the
counts for the paper's own numbers in the same comparisons. Numbers of epochs, batch sizes and trials can differ between
the compared models; see the sources of the numbers."""
AGAIN = """\
Some cells were searched again, with other hyperparameters, after the model that a first search chose had been tested;
the notes below the tables name them, with the first test error."""
NOTES = "Notes on some of our values"
NOT_MEASURED = "not measured"
COSTS = """\
Machine time of one worker for the numbers in the tables, with all trials and candidates of their searches, and for the
networks on whose representations SVMs were trained. What belongs to two tables is counted in the first. Searches that a
later one replaced are not counted. The last column estimates a search over every combination of Table 2's values, for
each fold where there are several, from the time per trial measured here."""
REPRODUCE = "Reproduce with:"
# reproduce searches with TPE, so it does not repeat the numbers of other searches.
SEARCH = "To run a new search:"
SOURCE = "The column run names the sweep behind each number."


def before_command(searched: bool) -> str:
    """Return what a command does.

    Args:
        searched: Whether there are numbers, chosen by a search, that the command does not repeat.
    """
    return SEARCH if searched else REPRODUCE


def after_command(searched: bool) -> str:
    """Return where to find the search behind such numbers, or nothing."""
    return SOURCE if searched else ""
