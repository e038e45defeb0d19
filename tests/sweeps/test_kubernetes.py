"""``sweeps/cluster/kubernetes.yaml``: every name in it leads somewhere, and its commands are ours."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonargparse import ArgumentParser

from sdae.cli.sweep import sweep
from sdae.config.names import config_file
from sdae.sweeps.sweep_file import read_sweep
from sdae.sweeps.trial import PARTIAL_EPOCH

ROOT = Path(__file__).parents[2]
FILE = ROOT / "sweeps/cluster/kubernetes.yaml"
OBJECTS = list(yaml.safe_load_all(FILE.read_text()))
HEAD = [line.removeprefix("# ") for line in FILE.read_text().splitlines() if line.startswith("#")]


def named(kind: str, name: str) -> dict[str, Any]:
    """Return the one object of a kind and a name."""
    [found] = [obj for obj in OBJECTS if (obj["kind"], obj["metadata"]["name"]) == (kind, name)]
    return found


def pod_of(owner: dict[str, Any]) -> dict[str, Any]:
    return owner["spec"]["template"]["spec"]


def asked(job: str) -> Any:
    """Return what the command of a job comes to."""
    [container] = pod_of(named("Job", job))["containers"]
    command, *args = container["args"]
    assert command == "sweep"
    parser = ArgumentParser(exit_on_error=False)
    parser.add_function_arguments(sweep, as_positional=True)
    return parser.parse_args([f"{arg}=true" if arg == "--join" else arg for arg in args])


PODS = [pod_of(obj) for obj in OBJECTS if "template" in obj.get("spec", {})]


def test_the_sweep_that_is_set_up_is_the_one_that_is_joined():
    set_up, worker = asked("sdae-set-up"), asked("sdae-workers")
    assert set_up.workers == 0
    assert worker.join
    assert worker.name == set_up.config.stem
    assert read_sweep(config_file("sweep", str(set_up.config))).trials > 0  # a shipped one, by its name


def test_both_jobs_see_the_same_folders_and_the_same_environment():
    [set_up], [worker] = (pod_of(named("Job", f"sdae-{job}"))["containers"] for job in ("set-up", "workers"))
    for key in ("image", "envFrom", "volumeMounts"):
        assert set_up[key] == worker[key]
    [mount] = worker["volumeMounts"]
    assert f"WORKDIR {mount['mountPath']}\n" in (ROOT / "Dockerfile").read_text()  # so that runs/ is shared
    configuration = named("ConfigMap", "sdae")["data"]
    assert configuration["SDAE_DATA"].startswith(f"{mount['mountPath']}/")
    assert f"@{named('Service', 'sdae-postgres')['metadata']['name']}/" in configuration["SDAE_STORAGE"]


@pytest.mark.parametrize("pod", PODS, ids=lambda pod: pod["containers"][0]["name"])
def test_every_name_leads_somewhere(pod):
    created = next(line for line in HEAD if "kubectl create secret" in line)
    templates = named("StatefulSet", "sdae-postgres")["spec"]["volumeClaimTemplates"]
    volumes = {claim["metadata"]["name"] for claim in templates} | {one["name"] for one in pod.get("volumes", [])}
    for volume in pod.get("volumes", []):
        named("PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"])
    for container in pod["containers"]:
        for mount in container["volumeMounts"]:
            assert mount["name"] in volumes
        for source in container.get("envFrom", []):
            for kind, reference in source.items():
                if kind == "configMapRef":
                    named("ConfigMap", reference["name"])
                else:
                    assert f"secret generic {reference['name']} " in created
        for variable in container.get("env", []):
            if "valueFrom" in variable:
                assert f"--from-literal={variable['valueFrom']['secretKeyRef']['key']}=" in created


def test_the_service_leads_to_the_database():
    pods = named("StatefulSet", "sdae-postgres")["spec"]
    assert named("Service", "sdae-postgres")["spec"]["selector"] == pods["template"]["metadata"]["labels"]
    assert pods["selector"]["matchLabels"] == pods["template"]["metadata"]["labels"]


def test_a_preempted_worker_has_the_time_it_needs_and_is_replaced():
    job = named("Job", "sdae-workers")["spec"]
    assert job["completionMode"] == "Indexed"
    assert job["completions"] == job["parallelism"]
    assert job["template"]["spec"]["terminationGracePeriodSeconds"] > 2 * PARTIAL_EPOCH
    assert job["template"]["spec"]["restartPolicy"] == "Never"  # Kubernetes refuses a podFailurePolicy with another
    conditions, codes = job["podFailurePolicy"]["rules"]
    assert (conditions["action"], codes["action"]) == ("Ignore", "Ignore")
    assert conditions["onPodConditions"] == [{"type": "DisruptionTarget", "status": "True"}]
    assert codes["onExitCodes"]["values"] == [128 + 15]
    assert codes["onExitCodes"]["containerName"] == job["template"]["spec"]["containers"][0]["name"]
    assert job["template"]["spec"]["containers"][0]["resources"]["limits"]["nvidia.com/gpu"] == 1


def test_the_commands_of_the_head_name_what_is_there():
    text = "\n".join(HEAD)
    labels = {obj["metadata"]["labels"]["app"] for obj in OBJECTS}
    assert "sdae-workers" in labels
    assert "-l app!=sdae-workers" in text
    assert "-l app=sdae-workers" in text
    assert f"job/{named('Job', 'sdae-set-up')['metadata']['name']}" in text
