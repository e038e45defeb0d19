"""``reproduce``: runs the missing parts of a table or figure of the paper, by the other commands."""

from pathlib import Path


def reproduce(
    target: str,
    problems: list[str] | None = None,
    methods: list[str] | None = None,
    budget: str | None = None,
    dry_run: bool = False,
    folder: Path = Path("runs"),
    storage: str | None = None,
    workers: int | None = None,
    settings: Path | None = None,
) -> None:
    """Reproduce a table or a figure of the paper: run what is missing of it, and only that.

    A cell is done if there is a finished study of it, or its SVMs, anywhere below the folder; one fit is not model
    selection. Studies begin with settings that are known to work well. The same command resumes after an interruption.

    Args:
        target: table3, table4, table5, figure5 to figure8, figure10 to figure13, figure15, or all.
        problems: Problems to reproduce; default: all.
        methods: Methods to reproduce, such as sdae-3, mlp-3 or svm; default: all.
        budget: Maximum total time, such as 90m, 2h or 1d: the most informative part is run, and the rest listed. A
            larger budget later continues from there, a smaller one resumes the plan. After a plan without a budget it
            selects anew; studies that are set up keep their trials. Default: no limit.
        dry_run: Whether to show only the plan: state, estimates and commands. Nothing is run or written.
        folder: Folder of the runs, sweep files and pictures.
        storage: URL of the storage of studies, postgresql://USER@HOST/DATABASE for several machines; default:
            $SDAE_STORAGE, or a SQLite file for each sweep.
        workers: Number of worker processes; default: one per GPU, or without a GPU one per core. 0 only sets the
            studies up, for workers that sweep --join, and skips figures and SVMs.
        settings: A YAML file for a scaled-down version, for testing: space and settings of all studies as in a sweep
            file, trials and heartbeat, and C, gamma and fine of the SVMs.
    """
    from sdae.cli.run_reproduce import Request, run_target

    run_target(Request(target, problems, methods, budget, dry_run, folder, storage, workers, settings))
