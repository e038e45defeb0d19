"""What would be sent to W&B, written down; what was not written by us is refused."""

import json

import pytest

pytest.importorskip("wandb_workspaces")

from sdae.dashboard.compared import of_project
from sdae.dashboard.report import build_report
from sdae.dashboard.sending import entity_sent_to, send, write
from sdae.dashboard.workspace import build_workspace
from sdae.errors import SdaeError


@pytest.fixture
def both():
    return build_workspace(of_project(), "me", "sdae"), build_report(of_project(), "me", "sdae")


def test_both_are_written_as_plain_values(both, tmp_path):
    write(*both, tmp_path / "dashboard.json")
    written = json.loads((tmp_path / "dashboard.json").read_text())
    assert written.keys() == {"workspace", "report"}
    assert written["workspace"]["project"] == "sdae"


@pytest.mark.parametrize("text", ["no JSON", "{}", '{"workspace": {}, "report": {"id": 1}}'])
def test_a_file_of_something_else_is_not_overwritten(both, tmp_path, text):
    file = tmp_path / "dashboard.json"
    file.write_text(text)
    with pytest.raises(SdaeError, match="dashboard.json: was not written by this command; name another file as output"):
        send(*both, file)
    for call in (lambda: write(*both, file), lambda: entity_sent_to(file, "sdae")):
        with pytest.raises(SdaeError, match="was not written by this command"):
            call()
    assert file.read_text() == text


def test_what_was_sent_before_is_remembered(both, tmp_path):
    file = tmp_path / "dashboard.json"
    assert entity_sent_to(file, "sdae") == ""
    workspace, report = both
    workspace._internal_name, workspace._internal_id, report.id = "name", "one", "two"
    write(workspace, report, file)
    assert (entity_sent_to(file, "sdae"), entity_sent_to(file, "other")) == ("me", "")
    write(build_workspace(of_project(), "me", "sdae"), build_report(of_project(), "me", "sdae"), file)
    written = json.loads(file.read_text())
    assert (written["workspace"]["id"], written["report"]["id"]) == ("one", "two")
