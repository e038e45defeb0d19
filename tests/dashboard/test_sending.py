"""What would be sent to W&B, written down; what was not written by us is refused."""

import json

import pytest

pytest.importorskip("wandb_workspaces")

from sdae.dashboard.compared import of_project
from sdae.dashboard.report import build_report
from sdae.dashboard.sending import send, write
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
    assert file.read_text() == text
