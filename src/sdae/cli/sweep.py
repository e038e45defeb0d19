"""``sweep``: the search of Table 2's space, by any number of workers."""

from pathlib import Path


def sweep(
    config: Path | None = None,
    join: bool = False,
    status: bool = False,
    storage: str | None = None,
    folder: Path | None = None,
    name: str | None = None,
    workers: int | None = None,
    workers_per_gpu: int | None = None,
) -> None:
    """Search Table 2's space for problems and methods, and test each chosen model once.

    The same command resumes an interrupted sweep. Workers on other machines join with the storage's URL alone; they
    need access to the sweep's folder.

    Args:
        config: Sweep file, or the short name of a shipped one, such as quick or table3.
        join: Whether to work on a sweep that was started elsewhere: --join --storage URL.
        status: Whether to show only the sweep's progress.
        storage: URL of the storage of studies, postgresql://USER@HOST/DATABASE for several machines; default:
            $SDAE_STORAGE, or a SQLite file in the sweep's folder.
        folder: Folder of the runs; default: runs/NAME; with --join, where the sweep was started.
        name: The sweep's name; default: that of its file, or the only one in the storage.
        workers: Number of worker processes here; default: one per GPU, or without a GPU one per core; threads are
            divided among them. 0, with --config, only sets the studies up for others to --join, and shows finished
            results.
        workers_per_gpu: Number of workers per GPU where workers is not given; default: 1.
    """
    from sdae.cli.run_sweep import Search, run_search

    run_search(Search(config, join, status, storage, folder, name, workers, workers_per_gpu))
