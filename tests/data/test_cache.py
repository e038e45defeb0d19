"""Parsed once, kept whole."""

import subprocess
import sys

import numpy as np
import pytest

from patience import PATIENT
from sdae.data.cache import Arrays, cached
from sdae.errors import SdaeError


def arrays(value: int = 3) -> Arrays:
    x, t = np.full((4, 2), value, np.uint8), np.arange(4, dtype=np.uint8)
    return Arrays(x, t, x, t, x, t, 255.0)


def never() -> Arrays:
    raise AssertionError("made again")


def test_what_was_made_once_is_read_the_second_time(tmp_path):
    cached(tmp_path, "a", arrays)
    again = cached(tmp_path, "a", never)
    assert again.scale == 255.0
    assert again.train_x.dtype == np.uint8
    np.testing.assert_array_equal(again.train_x, arrays().train_x)


@pytest.mark.parametrize("damage", ["truncated", "garbage", "empty"])
def test_a_damaged_file_is_named(tmp_path, damage):
    cached(tmp_path, "a", arrays)
    path = tmp_path / "cache" / "a.npz"
    content = path.read_bytes()
    path.write_bytes({"truncated": content[: len(content) // 2], "garbage": b"no zip", "empty": b""}[damage])
    with pytest.raises(SdaeError, match="a.npz: is damaged; remove it"):
        cached(tmp_path, "a", never)


FULL_DISK = """
import resource, sys
from pathlib import Path
import numpy as np
from sdae.data.cache import Arrays, cached
x, t = np.zeros((100, 784), np.uint8), np.zeros(100, np.uint8)
for limit in (0, 1000, 100_000, 200_000):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        cached(Path(sys.argv[1]), "b", lambda: Arrays(x, t, x, t, x, t))
    except ValueError as error:
        print(error)
"""


def test_a_full_disk_leaves_the_cache_as_it_was(tmp_path):
    """No file may grow beyond a limit, as if there were no room for more."""
    cached(tmp_path, "a", arrays)
    said = subprocess.run([sys.executable, "-c", FULL_DISK, str(tmp_path)], stdout=subprocess.PIPE, timeout=PATIENT)
    assert said.stdout.decode().splitlines() == [f"{tmp_path}/cache/b.npz: cannot be written (File too large)"] * 4
    assert {p.name for p in (tmp_path / "cache").iterdir() if p.suffix != ".lock"} == {"a.npz"}


def test_numpy_reads_what_is_kept_whatever_the_arrays_order(tmp_path, monkeypatch):
    monkeypatch.setattr("sdae.data.cache.PIECE", 10)
    x, t = np.asfortranarray(np.random.default_rng(0).random((7, 3)).astype(np.float32)), np.arange(7)
    cached(tmp_path, "a", lambda: Arrays(x, t, x[:0], t[:0], x[::2], t[::2]))
    content = np.load(tmp_path / "cache" / "a.npz", allow_pickle=False)
    for name, expected in {"train_x": x, "train_t": t, "valid_x": x[:0], "test_x": x[::2], "scale": 1.0}.items():
        np.testing.assert_array_equal(content[name], expected)


def test_a_folder_that_cannot_be_written_is_an_error_or_costs_time(tmp_path, caplog):
    (tmp_path / "file").write_text("")
    with pytest.raises(SdaeError, match="data.root"):
        cached(tmp_path / "file", "a", arrays, required=True)
    assert cached(tmp_path / "file", "a", arrays).scale == 255.0
    assert "parsed again every time" in caplog.text


def test_two_processes_make_it_once(tmp_path):
    script = (
        "import sys, time; from pathlib import Path; import numpy as np; from sdae.data.cache import Arrays, cached\n"
        "def make():\n"
        "    print('made'); time.sleep(0.5); a = np.zeros((2, 2), np.uint8); return Arrays(a, a[0], a, a[0], a, a[0])\n"
        "cached(Path(sys.argv[1]), 'a', make)"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert sorted(process.communicate(timeout=PATIENT)[0] for process in processes) == ["", "made\n"]
    assert [process.returncode for process in processes] == [0, 0]
