"""A real Slurm of one node, this one, with a configuration, a key and ports of its own: it disturbs no other."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

DAEMONS = ("munged", "slurmctld", "slurmd")
PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
# Processes are tracked without cgroups, which a container has not. A requeued job waits cred_expire seconds (>= 5).
CONFIGURATION = """\
ClusterName=sdae
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller}
SlurmdPort={daemon}
SlurmUser=root
SlurmdUser=root
AuthInfo=socket={folder}/munge.socket,cred_expire=5
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
SchedulerType=sched/builtin
SchedulerParameters=sched_interval=1
SlurmdParameters=config_overrides
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
NodeName={host} NodeAddr=127.0.0.1 CPUs=4 RealMemory=1000
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


def missing() -> str | None:
    """Return why there can be no Slurm here, or None."""
    absent = [name for name in DAEMONS if shutil.which(name, path=PATH) is None]
    if absent:
        return f"no Slurm here ({', '.join(absent)}): apt-get install slurm-wlm munge"
    return "Slurm's daemons need root" if os.geteuid() != 0 else None


@contextmanager
def one_node_slurm() -> Iterator[dict[str, str]]:
    """Start a Slurm, and yield what a command needs in its environment to find it."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as started:
        folder = Path(name)
        folder.chmod(0o755)  # munged insists that others may look for its socket
        for part in ("state", "spool"):
            (folder / part).mkdir()
        key = folder / "munge.key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o600)
        host = socket.gethostname().partition(".")[0]
        controller, daemon = _free_ports(2)
        configuration = folder / "slurm.conf"
        configuration.write_text(CONFIGURATION.format(host=host, controller=controller, daemon=daemon, folder=folder))
        files = [f"--{part}={folder}/munge.{end}" for part, end in (("key-file", "key"), ("socket", "socket"))]
        files += [f"--{part}={folder}/munge.{part}" for part in ("pid-file", "log-file", "seed-file")]
        environment = {"SLURM_CONF": str(configuration), "PATH": PATH}
        started.enter_context(_daemon(["munged", "--foreground", "--force", *files], environment, folder))
        _until((folder / "munge.socket").exists, folder)
        started.enter_context(_daemon(["slurmctld", "-D"], environment, folder))
        started.enter_context(_daemon(["slurmd", "-D"], environment, folder))

        def idle() -> bool:
            said = subprocess.run(["sinfo", "-ho", "%t"], env=environment, capture_output=True, text=True).stdout
            return said.strip() == "idle"

        _until(idle, folder)
        yield environment


@contextmanager
def _daemon(command: list[str], environment: dict[str, str], folder: Path) -> Iterator[None]:
    with (folder / f"{command[0]}.log").open("w") as said:
        process = subprocess.Popen(command, env=environment, stdout=said, stderr=said, stdin=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _free_ports(number: int) -> list[int]:
    with ExitStack() as opened:
        sockets = [opened.enter_context(socket.socket()) for _ in range(number)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def _until(condition, folder: Path, patience: float = 60) -> None:
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError("\n".join(path.read_text() for path in sorted(folder.glob("*.log"))))
        time.sleep(0.1)
