"""``sweep``: the search of Table 2, on every worker there is."""

from pathlib import Path


def sweep(
    config: Path | None = None,
    join: bool = False,
    status: bool = False,
    storage: str | None = None,
    folder: Path | None = None,
    name: str | None = None,
    workers: int | None = None,
    workers_per_gpu: int = 1,
) -> None:
    """Search Table 2's space for problems and methods, and test each chosen model once.

    Given again, the command resumes an interrupted sweep. Workers on other machines join with the storage's URL alone,
    where the sweep's folder is shared.

    Args:
        config: Sweep file, or the short name of a shipped one, such as quick or table3.
        join: Whether to work for a sweep that was started elsewhere, --join --storage URL.
        status: Whether to show how far a sweep is, and do nothing.
        storage: Where the studies are kept, postgresql://USER@HOST/DATABASE for several machines; default:
            $SDAE_STORAGE, or a SQLite file in the sweep's folder.
        folder: Where the runs lie; runs/NAME, or where the sweep was started.
        name: The sweep's name; that of its file, or the only one in the storage.
        workers: Number of worker processes here; one a GPU, or without a GPU one a core, with the threads shared out.
            0, with --config, sets the studies up for others to --join, and shows the results once all is over.
        workers_per_gpu: How many workers share a GPU.
    """
    from sdae.cli.searching import Search, run_search

    run_search(Search(config, join, status, storage, folder, name, workers, workers_per_gpu))
