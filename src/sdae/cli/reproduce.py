"""``reproduce``: a table or a figure of the paper, whatever of it is missing, by the other commands."""

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

    A cell is done where a finished study or SVMs of it lie anywhere below the folder; one fit is not model selection.
    Studies begin with settings that are known to do well. Stopped or killed at any time, the same command resumes.

    Args:
        target: table3, table4, table5, figure5 to figure8, figure10 to figure13, figure15, or all.
        problems: Problems to reproduce; default: all.
        methods: Methods to reproduce, such as sdae-3, mlp-3 or svm; default: all.
        budget: How long it may take in all, as 90m, 2h or 1d: the most informative part is done, and the rest named. A
            larger budget later continues from there. Default: no limit.
        dry_run: Whether to show only the plan: what is done, estimates, commands. Nothing is run or written.
        folder: Where runs lie, and sweep files and pictures are written.
        storage: Where the studies are kept, postgresql://USER@HOST/DATABASE for several machines; default:
            $SDAE_STORAGE, or a SQLite file for each sweep.
        workers: Number of worker processes; one a GPU, or without a GPU one a core. 0 sets the studies up for others,
            who sweep --join, and skips figures and SVMs.
        settings: A YAML file for a rehearsal, smaller than the paper: space and settings of all studies as in a sweep
            file, trials and heartbeat, and C, gamma and fine of the SVMs.
    """
    from sdae.cli.reproducing import Request, run_target

    run_target(Request(target, problems, methods, budget, dry_run, folder, storage, workers, settings))
