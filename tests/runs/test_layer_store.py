"""The files of the layer cache: read as they were written or not at all, and no more of them than there is room for."""

import os
import shutil
from collections import namedtuple

import pytest
import torch

from sdae.runs.layer_store import GIGABYTE, LayerStore, TrainedLayer

ROWS = [("loss", 1, 2.5), ("seconds", 1, 0.25), ("loss", 2, 0.1 + 0.2), ("seconds", 2, 0.5)]


def trained(epochs=2, n=1000):
    return TrainedLayer(epochs, {"state_dict": {"encoder.weight": torch.rand(n)}, "epoch": epochs - 1}, ROWS)


def used(store, *names):
    """Say that files were last used in this order, an hour ago."""
    for i, name in enumerate(names):
        os.utime(store.path(name, 2), (i, i))


@pytest.fixture
def store(tmp_path):
    return LayerStore(tmp_path, 1.0)


def test_a_layer_is_read_as_it_was_written(store):
    layer = trained()
    store.keep("a", layer)
    found = store.find("a", 2)
    assert found.rows == ROWS
    assert found.seconds == 0.75
    assert torch.equal(
        found.checkpoint["state_dict"]["encoder.weight"], layer.checkpoint["state_dict"]["encoder.weight"]
    )
    assert store.find("b", 2) is None


def test_the_most_epochs_that_are_not_too_many(store):
    for epochs in (5, 20, 100):
        store.keep("a", trained(epochs))
    found = [store.find("a", epochs) for epochs in (4, 5, 19, 50, 100, 300)]
    assert [layer and layer.epochs for layer in found] == [None, 5, 5, 20, 100, 100]


@pytest.mark.parametrize("left", [0.0, 0.001, 0.5, 0.9999])
def test_a_truncated_file_is_dropped(store, left, caplog):
    store.keep("a", trained())
    content = store.path("a", 2).read_bytes()
    store.path("a", 2).write_bytes(content[: int(left * len(content))])
    assert store.find("a", 2) is None
    assert not store.path("a", 2).exists()
    [line] = caplog.messages
    assert "is damaged; the layer is trained again" in line


def test_a_flipped_bit_is_noticed_and_fewer_epochs_are_taken_instead(store):
    store.keep("a", trained(1))
    store.keep("a", trained(2))
    content = bytearray(store.path("a", 2).read_bytes())
    content[len(content) // 2] ^= 1
    store.path("a", 2).write_bytes(bytes(content))
    assert store.find("a", 2).epochs == 1


def test_the_least_recently_used_goes_first(store):
    size = 0
    for name in "abc":
        store.keep(name, trained())
        size = store.path(name, 2).stat().st_size
    used(store, "b", "a", "c")
    assert store.find("b", 2) is not None  # and so the most recently used
    LayerStore(store.folder, 3.5 * size / GIGABYTE).keep("d", trained())
    assert [name for name in "abcd" if store.find(name, 2)] == ["b", "c", "d"]


def test_no_more_than_is_left_free_on_the_disk(store, monkeypatch):
    for name in "abc":
        store.keep(name, trained())
    size = store.path("a", 2).stat().st_size
    used(store, "a", "b", "c")
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(int(0.5 * size)))
    store.keep("d", trained())
    assert [name for name in "abcd" if store.find(name, 2)] == ["c", "d"]  # half of four and a half


def test_without_room_a_run_goes_on(store, monkeypatch, caplog):
    def no_room(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", no_room)
    store.keep("a", trained())
    assert "No space left on device" in caplog.text
    assert list(store.folder.iterdir()) == []


def test_a_layer_is_not_kept_in_a_folder_that_another_sweep_has_removed(store):
    shutil.rmtree(store.folder)
    store.keep("a", trained())
    assert store.find("a", 2) is None
