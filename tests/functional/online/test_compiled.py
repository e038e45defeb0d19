"""Compiling is not the user's problem: real processes; a cache folder that is empty, shared, damaged or not there."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sdae
from patience import PATIENT
from sdae.functional.online import compiled
from sdae.functional.online.compiled import _folder

TRAIN = """
import logging, sys, torch
logging.basicConfig(level=logging.INFO, format="%(message)s")
from sdae.functional import online
from sdae.functional.online.compiled import _kernel
from sdae.functional.reconstruction import RECONSTRUCTIONS
g = torch.Generator().manual_seed(1)
x, w, b, c = (torch.rand(*shape, generator=g) for shape in ((20, 30), (9, 30), (9,), (30,)))
online.autoencoder_block(x, x, (w, b), (None, c), RECONSTRUCTIONS["squared"], torch.tensor(0.01))
print(w.double().sum().item(), sum(_kernel("tied").train_block.stats.cache_hits.values()))
"""


FINE_TUNE = """
import torch
from sdae.functional import online
g = torch.Generator().manual_seed(1)
x, t = torch.rand(200, 100, generator=g), torch.randint(0, 10, (200,), generator=g)
layers = [(torch.randn(h, d, generator=g) * 0.1, torch.zeros(h)) for d, h in ((100, 50), (50, 50), (50, 10))]
online.classifier_block(x, t, layers, torch.tensor(0.1))
print(*(w.double().sum().item() for w, _ in layers))
"""


def start(cache: Path, code: str = TRAIN, **variables: str) -> subprocess.Popen:
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache), "OMP_NUM_THREADS": "1", **variables}
    return subprocess.Popen(
        [sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def finished(process: subprocess.Popen) -> tuple[list[str], str]:
    out, err = process.communicate(timeout=PATIENT)
    assert process.returncode == 0, err
    return out.split(), err


@pytest.mark.slow
def test_processes_that_start_at_once_compile_once_and_agree(tmp_path):
    answers = [finished(process) for process in [start(tmp_path) for _ in range(4)]]
    assert len({numbers[0] for numbers, _ in answers}) == 1
    assert sorted("compiling the autoencoder training loop" in err for _, err in answers) == [False, False, False, True]
    assert [numbers[1] for numbers, _ in answers] == ["1"] * 4  # all read from the cache, also the first
    numbers, err = finished(start(tmp_path))
    assert numbers == [answers[0][0][0], "1"]
    assert "compiling" not in err


@pytest.fixture(scope="module")
def compiled_once(tmp_path_factory):
    """A cache folder in which a process has compiled two loops, and the numbers that it printed."""
    folder = tmp_path_factory.mktemp("compiled")
    return folder, finished(start(folder, FINE_TUNE + TRAIN))[0]


@pytest.fixture
def numbers(compiled_once, tmp_path):
    """What the first process printed; its cache is in ``tmp_path``."""
    folder, numbers = compiled_once
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    return numbers


@pytest.mark.slow
def test_the_first_process_has_the_numbers_of_later_ones_bit_for_bit(tmp_path, numbers):
    again, err = finished(start(tmp_path, FINE_TUNE + TRAIN))
    assert again == numbers
    assert "compiling" not in err


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["truncated", "overwritten"])
def test_a_damaged_cache_is_made_again(tmp_path, numbers, damage):
    kept = list(tmp_path.rglob("*.nb?"))
    assert kept
    for file in kept:
        file.write_bytes(file.read_bytes()[:20] if damage == "truncated" else b"\x80\x05" * 50)
    assert finished(start(tmp_path))[0][0] == numbers[-2]
    assert finished(start(tmp_path))[0] == [numbers[-2], "1"]


@pytest.mark.slow
def test_a_damaged_loop_leaves_the_others_in_the_cache(tmp_path, numbers):
    kept = list(tmp_path.rglob("classifier.*.nb?"))
    assert kept
    for file in kept:
        file.write_bytes(b"\x80\x05" * 50)
    assert finished(start(tmp_path, FINE_TUNE + TRAIN))[0] == numbers
    assert numbers[-1] == "1"  # the loop of TRAIN, read from the cache


@pytest.mark.slow
def test_nothing_is_written_into_the_package_and_a_cache_that_cannot_be_written_is_somewhere_else(tmp_path):
    file, temporary = tmp_path / "a file", tmp_path / "temporary"
    file.touch()
    temporary.mkdir()
    package = Path(sdae.__file__).parent
    before = set(package.rglob("*.nb?"))
    finished(start(file, TMPDIR=str(temporary)))
    assert list(temporary.rglob("*.nbc"))
    assert set(package.rglob("*.nb?")) == before


WITHOUT = """
import sys
from importlib import metadata
sys.modules["numba"] = None
found = metadata.version
def version(name):
    if name == "numba":
        raise metadata.PackageNotFoundError(name)
    return found(name)
metadata.version = version
"""


def test_without_the_compiler_torch_takes_the_steps(tmp_path):
    code = WITHOUT + TRAIN.rpartition("print(")[0]
    code = code.replace("from sdae.functional.online.compiled import _kernel\n", "")
    code = code.replace("online.autoencoder_block(", "assert None is online.autoencoder_block(")
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    ran = subprocess.run([sys.executable, "-c", code], check=True, env=environment, capture_output=True, text=True)
    assert ran.stderr.count("numba cannot be imported") == 1
    assert not list(tmp_path.rglob("*.nb?"))


def test_without_the_compiler_a_fit_has_its_result(tmp_path):
    command = ["fit", "--data.train_size=50", "--model.n_units=5", "--pretraining.epochs=1"]
    command += ["--fine_tuning.max_epochs=1", "--tracking.wandb=off", "--data.source=generated", "--run=run"]
    code = f"{WITHOUT}\nfrom sdae.cli import main\nmain({command!r})"
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    ran = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert json.loads((tmp_path / "run" / "result.json").read_text())["versions"]["numba"] is None


def test_a_user_without_a_name_has_a_cache(tmp_path, monkeypatch):
    def nameless() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr("getpass.getuser", nameless)
    monkeypatch.setattr("pooch.os_cache", lambda name: tmp_path / name)
    assert _folder().parent == tmp_path / "sdae"


@pytest.mark.parametrize("another", ["__version__", "config.CPU_NAME", "config.CPU_FEATURES"])
def test_what_is_compiled_anew_has_a_folder_of_its_own_and_so_a_line_on_screen(another, tmp_path, monkeypatch):
    monkeypatch.setattr("pooch.os_cache", lambda name: tmp_path / name)
    before = _folder()
    monkeypatch.setattr(f"numba.{another}", "0.0")
    assert _folder() != before


def test_a_source_that_is_newer_has_a_folder_of_its_own(tmp_path, monkeypatch):
    source = shutil.copytree(Path(compiled.__file__).parent, tmp_path / "online")
    monkeypatch.setattr(compiled, "__file__", str(source / "compiled.py"))
    before = compiled._digest()
    os.utime(source / "kernels" / "tied.py", (0, 0))
    assert compiled._digest() != before


def test_help_and_what_trains_nothing_never_import_the_compiler_and_wandb():
    code = "import sys, sdae.models.classifier, sdae.models.rbm, sdae.cli\n"
    code += "for words in (['--help'], ['data', 'list'], ['fit', '--help']):\n"
    code += "    try: sdae.cli.main(words)\n    except SystemExit as end: assert not end.code\n"
    code += "assert not {'numba', 'llvmlite', 'wandb'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
