"""The installed package brings conf/ and sweeps/ along, and its console script finds them."""

import os
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
MAIN = "from sdae.cli import main; main({})"


@pytest.fixture(scope="module")
def wheel(python, tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    isolation = ["--no-build-isolation"] if find_spec("hatchling") else []
    # The build tool may have to be fetched, so this one process has the network.
    names = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")
    network = {name: os.environ.get(name, "") for name in names}
    built = python("-m", "pip", "wheel", ROOT, "--no-deps", "-w", folder, *isolation, cwd=folder, env=network)
    if "No matching distribution found for hatchling" in built.stderr:
        pytest.skip("the build tool cannot be fetched")
    assert built.returncode == 0, built.stderr
    (path,) = folder.glob("sdae-*.whl")
    return path


@pytest.fixture(scope="module")
def installed(python, wheel, tmp_path_factory):
    target = tmp_path_factory.mktemp("installed")
    done = python("-m", "pip", "install", "--no-deps", "--no-index", "--target", target, wheel, cwd=target)
    assert done.returncode == 0, done.stderr
    return target


def test_the_wheel_holds_what_can_be_run_and_searched(wheel):
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    for folder in ("conf", "sweeps"):
        shipped = {path.relative_to(ROOT) for path in (ROOT / folder).rglob("*") if path.is_file()}
        assert shipped
        assert {f"sdae/share/{path.as_posix()}" for path in shipped} <= held
    assert "sdae/paper/published.csv" in held
    assert not any(name.startswith(("tests/", "benchmarks/")) for name in held)


def test_the_installed_package_reads_its_own_configuration(python, installed, tmp_path):
    args = ["fit", "--data", "mnist", "--method", "sae-2", "--print_config"]
    code = f"import sdae; print('#', sdae.__file__); {MAIN.format(args)}"
    answer = python("-c", code, cwd=tmp_path, env={"PYTHONPATH": str(installed)})
    assert answer.returncode == 0, answer.stderr
    assert str(installed) in answer.stdout.splitlines()[0]
    config = yaml.safe_load(answer.stdout)
    assert config["data"]["class_path"] == "sdae.data.MNIST"
    assert config["model"]["n_layers"] == 2
    assert config["pretraining"]["learning_rate"] == 0.05  # of the default


def test_what_is_shipped_is_run_by_its_short_name(python, installed, tmp_path):
    fit = ["fit", "--config", "rect-sdae-3", "--print_config"]
    answer = python("-c", MAIN.format(fit), cwd=tmp_path, env={"PYTHONPATH": str(installed)})
    assert answer.returncode == 0, answer.stderr
    assert yaml.safe_load(answer.stdout)["data"]["class_path"] == "sdae.data.Rect"
    sweep = ["sweep", "--config", "quick", "--storage", "sqlite:///:memory:"]  # refused once the file was read
    answer = python("-c", MAIN.format(sweep), cwd=tmp_path, env={"PYTHONPATH": str(installed)})
    assert "in this process's memory" in answer.stderr


def test_the_console_script_is_the_door(installed):
    (script,) = installed.glob("bin/sdae")
    assert "from sdae.cli import main" in script.read_text()


def test_the_installed_package_finds_its_own_sweeps(python, installed, tmp_path):
    code = "from sdae.config.names import file_of; from sdae.sweeps.sweep_file import read_sweep; "
    code += "path = file_of('sweep', 'quick'); print(path, read_sweep(path).trials)"
    answer = python("-c", code, cwd=tmp_path, env={"PYTHONPATH": str(installed)})
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.split() == [str(installed / "sdae/share/sweeps/quick.yaml"), "8"]
