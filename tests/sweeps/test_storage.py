"""URLs of storages, and what they say when they fail."""

import pytest

from sdae.errors import SdaeError
from sdae.sweeps.storage import NoSweep, hidden, open_storage, sqlite_file, sqlite_url
from stored import store


def test_a_sweeps_own_storage_is_a_file_in_its_folder(tmp_path):
    assert sqlite_file(sqlite_url(tmp_path)) == tmp_path / "study.db"
    assert sqlite_file("postgresql://me@host/studies") is None


def test_a_password_is_hidden():
    assert hidden("postgresql://me:secret@host/studies") == "postgresql://me:***@host/studies"


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("mysql://me@host/studies", "give postgresql://USER@HOST/DATABASE, or sqlite:///FILE"),
        ("sqlite:///:memory:", "is in this process's memory"),
        ("nonsense", "give postgresql://USER@HOST/DATABASE"),
    ],
)
def test_what_is_no_storage_is_refused(url, message):
    with pytest.raises(SdaeError, match=message):
        open_storage(url, 60)


def test_a_file_without_a_sweep_is_noticed(tmp_path):
    (tmp_path / "study.db").touch()
    with pytest.raises(NoSweep, match="holds no sweep"):
        open_storage(sqlite_url(tmp_path), 60)
    store(tmp_path / "mine")
    assert open_storage(sqlite_url(tmp_path / "mine"), 60).get_all_studies()
