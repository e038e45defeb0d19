"""``dashboard``: the W&B workspace and report that compare the methods."""

from importlib.util import find_spec
from pathlib import Path

from sdae.errors import SdaeError


def dashboard(
    project: str | None = None,
    entity: str | None = None,
    sweep: str | None = None,
    storage: str | None = None,
    folder: Path | None = None,
    offline: bool = False,
    output: Path | None = None,
) -> None:
    """Build the W&B workspace and report that compare SDAE, SAE, DBN and MLP.

    Without a login it only writes their content to a file. The same command updates both.

    Args:
        project: W&B project; default: that of the sweep's runs, or sdae.
        entity: W&B user or team; default: your own default one.
        sweep: Name of the sweep to compare, with its table of errors; default: all trials and fits.
        storage: URL of the sweep's storage; default: $SDAE_STORAGE, or its SQLite file.
        folder: The sweep's folder; default: runs/NAME.
        offline: Whether to send nothing although you are logged in, and only write the file.
        output: File of the content; default: dashboard.json in the sweep's folder, or here.
    """
    # Not at the top, so that no other command waits a third of a second for W&B's library.
    if find_spec("wandb_workspaces") is None:
        raise SdaeError("dashboard: wandb-workspaces is not installed; pip install 'sdae[dashboard]'")
    from sdae.cli.storages import open_sweep, storage_url
    from sdae.dashboard import sending
    from sdae.dashboard.compared import of_project, of_sweep
    from sdae.dashboard.report import build_report
    from sdae.dashboard.workspace import build_workspace
    from sdae.tracking.options import Tracking

    if sweep is None and (storage is not None or folder is not None):
        raise SdaeError("--storage and --folder: are those of a sweep; name it with --sweep")
    if sweep is None:
        compared, sweep_project, where = of_project(), Tracking().project, Path()
    else:
        where = folder or Path("runs") / sweep
        _, kept, studies = open_sweep(storage_url(storage, where), sweep, read_only=True)
        where = where if where.is_dir() else Path(kept.folder)
        compared, sweep_project = of_sweep(sweep, studies), studies[0].plan.config["tracking"]["project"]
    project = project or sweep_project

    path = output or (where if where.is_dir() else Path()) / "dashboard.json"
    if not offline and Tracking().mode == "online":
        entity = sending.entity_of(project, entity)
        urls = sending.send(build_workspace(compared, entity, project), build_report(compared, entity, project), path)
        print("\n".join(urls))
        return
    entity = entity or sending.entity_sent_to(path, project)
    sending.write(build_workspace(compared, entity, project), build_report(compared, entity, project), path)
    first = "without --offline" if offline else "wandb login, then"
    print(f"{path}: the workspace and the report, not sent to W&B; to send them, {first} the same command")
