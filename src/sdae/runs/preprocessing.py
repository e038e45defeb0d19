"""``preprocessing.json``: the preprocessing of a run's inputs, which later inputs get as well."""

from sdae.data.preprocessing import Preprocessing
from sdae.data.problem import Problem
from sdae.data.run_problem import changed, load_as_in_run
from sdae.errors import SdaeError
from sdae.files import read_json, write_json
from sdae.runs.folder import RunFolder


def read_preprocessing(folder: RunFolder) -> Preprocessing | None:
    """Return the preprocessing in a run folder.

    Returns:
        None if there is none, as in the folder of a cross-validation, whose folds have their own.

    Raises:
        SdaeError: If the file is damaged.
    """
    if not folder.preprocessing.is_file():
        return None
    try:
        return Preprocessing.of(read_json(folder.preprocessing, shape=dict))
    except (KeyError, TypeError, ValueError) as error:
        raise SdaeError(f"{folder.preprocessing}: is damaged, or of another version ({error})") from None


def load_for_run(problem: Problem, folder: RunFolder) -> None:
    """Load the problem of a run that is started or resumed, and save its preprocessing.

    Raises:
        SdaeError: If the problem cannot be loaded, or its local data have changed since the run was started.
    """
    kept = read_preprocessing(folder)
    if kept is None:
        problem.load()
        write_json(folder.preprocessing, problem.preprocessing.described())
        return
    hint = f"{folder.path} cannot be resumed: begin again (overwrite), or in another folder"
    try:
        load_as_in_run(problem, kept)
    except SdaeError as error:
        if changed(problem, kept):
            raise SdaeError(
                f"{problem.name}: the data have changed since the run was started ({error}); {hint}"
            ) from None
        if problem.kept is None:  # detected from the shape alone
            raise SdaeError(f"{error}; {hint}") from None
        raise
    if changed(problem, kept):
        raise SdaeError(f"{problem.name}: the data have changed since the run was started; {hint}")
