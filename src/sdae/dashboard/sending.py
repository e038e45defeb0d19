"""Sends a workspace and a report to W&B, or writes down what would be sent."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from typing import Any

import wandb
import wandb_workspaces.reports.v2 as wr
import wandb_workspaces.workspaces as ws

from sdae.errors import SdaeError
from sdae.files import write_json


def as_values(workspace: ws.Workspace, report: wr.Report) -> dict[str, Any]:
    """Return the content sent to W&B for both, as plain values."""
    # The library has no public way to it that does without a login.
    models = {"workspace": workspace._to_model(), "report": report._to_model()}
    return {name: model.model_dump(mode="json", by_alias=True, exclude_none=True) for name, model in models.items()}


def write(workspace: ws.Workspace, report: wr.Report, path: Path) -> None:
    """Write down what would be sent, as JSON, with the ids of what was sent before, as the file says.

    Raises:
        SdaeError: If the file is something else, or cannot be written.
    """
    if path.exists():
        _find_again(workspace, report, path)
    write_json(path, as_values(workspace, report))


def entity_sent_to(path: Path, project: str) -> str:
    """Return the entity that was sent to before, as a file says; an empty text if none was, or another project.

    Raises:
        SdaeError: If the file is something else.
    """
    if not path.exists():
        return ""
    entity, sent_to, *_ = _read(path)
    return entity if sent_to == project else ""


def entity_of(project: str, entity: str | None) -> str:
    """Return the entity that a project belongs to; default: your own.

    Raises:
        SdaeError: If W&B cannot be reached, or there is no such project.
    """
    with _said_in_a_line(entity, project):
        api = wandb.Api()
        found = entity or api.default_entity
        existing = [each.name for each in api.projects(found)] if found else []
    if not found:
        raise SdaeError("entity: W&B knows no default one for you; name it")
    if project not in existing:  # saving a report would make it
        known = f"it has {', '.join(existing)}" if existing else "it has none that you can see"
        raise SdaeError(f"project {project}: {found} has no such project on W&B, {known}; wandb sync uploads runs")
    return found


def send(workspace: ws.Workspace, report: wr.Report, path: Path) -> list[str]:
    """Save both on W&B, write down what was sent, and return their URLs.

    Where they were sent before, as the file says, they are brought up to date.

    Raises:
        SdaeError: If they cannot be saved, or the file is something else.
    """
    if path.exists():
        _find_again(workspace, report, path)
    with _said_in_a_line(workspace.entity, workspace.project):
        urls = [workspace.save().url, report.save().url]
    write_json(path, as_values(workspace, report))
    return urls


def _find_again(workspace: ws.Workspace, report: wr.Report, path: Path) -> None:
    entity, project, name, workspace_id, report_id = _read(path)
    if (entity, project) == (workspace.entity, workspace.project):
        workspace._internal_name, workspace._internal_id, report.id = name, workspace_id, report_id


def _read(path: Path) -> tuple[str, str, str, str, str]:
    """Return entity, project, name and id of the workspace, and the id of the report, as they were written down."""
    try:
        sent = json.loads(path.read_text(encoding="utf-8"))
        kept, report_id = sent["workspace"], sent["report"]["id"]
        return kept["entity"], kept["project"], kept["name"], kept["id"], report_id
    except (OSError, ValueError, KeyError, TypeError):
        raise SdaeError(f"{path}: was not written by this command; name another file as output") from None


@contextmanager
def _said_in_a_line(entity: str | None, project: str) -> Iterator[None]:
    where = f"{entity}/{project}" if entity else project
    try:
        with redirect_stderr(io.StringIO()):  # where the library says the URLs too
            yield
    except Exception as error:  # the library raises whatever its transport does
        raise SdaeError(f"W&B, {where}: {error}; offline writes down what would be sent") from error
