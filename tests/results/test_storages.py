"""Studies are read from a storage, which stays as it is."""

import pytest

from sdae.errors import SdaeError
from sdae.results.storages import read_studies
from sdae.sweeps.storage import NoSweep, open_storage, sqlite_file, sqlite_url
from stored import state_of, store


def test_every_sweep_of_a_storage_with_its_own_folder(tmp_path):
    url = f"sqlite:///{tmp_path / 'all.db'}"
    for name in ("one", "two"):
        store(tmp_path / name, url=url)
    before = state_of(tmp_path)
    studies, unready = read_studies(url)
    assert [(study.sweep, study.folder) for study in studies] == [("one", tmp_path / "one"), ("two", tmp_path / "two")]
    assert unready == []
    assert state_of(tmp_path) == before


def test_in_a_folder_of_its_own_the_sweep_lies_there(tmp_path):
    store(tmp_path / "before")
    (tmp_path / "before").rename(tmp_path / "after")
    [study], _ = read_studies(sqlite_url(tmp_path / "after"), tmp_path / "after")
    assert study.chosen_folder == tmp_path / "after/rect/sdae-3/trial-0000"


def test_a_storage_of_nothing_yet_and_one_that_is_none(tmp_path):
    (tmp_path / "study.db").touch()
    assert read_studies(sqlite_url(tmp_path)) == ([], ["holds no sweep yet"])
    with pytest.raises(NoSweep):
        open_storage(sqlite_url(tmp_path), 60, read_only=True)
    (tmp_path / "study.db").write_bytes(b"words" * 1000)
    with pytest.raises(SdaeError, match="cannot be used"):
        read_studies(sqlite_url(tmp_path))


def test_of_a_server(tmp_path, postgres):
    store(tmp_path / "search", url=postgres.get_uri())
    [study], unready = read_studies(postgres.get_uri())
    assert (study.over, len(study.trials), unready) == (True, 2, [])


def test_a_url_and_its_file(tmp_path):
    assert sqlite_file(sqlite_url(tmp_path)) == tmp_path / "study.db"
    assert sqlite_file("postgresql://somebody@somewhere/studies") is None
