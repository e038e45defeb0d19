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
OF_FILTERS = """\
R² says how well a Gabor function, a wave in a Gaussian window, fits a filter. The filter counts as one if R² is at
least 0.6 and the function is band-pass, so that a blob does not count. Localisation is the fraction of the filter's
energy in the best window of half the image's height and width."""
OF_SAMPLES = """\
The label error says how often an RBF SVM, trained on other examples, assigns a sample to another class than that of the
training example that it was drawn from. The distances are means of Euclidean ones: from a sample to the nearest other
training example, and between two samples of the same example. The row of real test examples is the reference."""
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
