"""The dashboard command: every key that a panel names is one that real runs send; what is sent is what is written."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
import yaml

from wandb_file import files_of, history, records, summary_of

# Three methods of which one trial diverges, so that every key there is comes to W&B.
SWEEP = {
    "sampler": "grid",
    "space": {"nHUnit": [10], "lRate": [0.05], "lRateSup": [0.1, 1e30], "nEpoq": [2], "ν": [0.25]},
    "settings": {
        "data": {"source": "generated"},
        "fine_tuning": {"max_epochs": 3},
        "tracking": {"wandb": "offline"},
    },
    "studies": [{"problems": ["rect"], "methods": ["sdae-3", "dbn-3", "mlp-3"]}],
}
pytestmark = pytest.mark.slow  # its sweep takes half a minute


@pytest.fixture(scope="module")
def swept(sdae, tmp_path_factory):
    """The folder in which a sweep of six trials was run, offline."""
    cwd = tmp_path_factory.mktemp("swept")
    (cwd / "small.yaml").write_text(yaml.safe_dump(SWEEP, allow_unicode=True))
    answer = sdae("sweep", "--config", "small.yaml", "--workers", "1", cwd=cwd)
    assert answer.returncode == 0, answer.stderr
    return cwd


@pytest.fixture(scope="module")
def runs(swept, environment):
    """What W&B has of every trial: its records and its summary, from the last time it was open."""
    folders = sorted(path.parent for path in swept.rglob("wandb_id"))
    return [(records(path, environment), summary_of(path, environment)) for path in (files_of(f)[-1] for f in folders)]


@pytest.fixture
def specs(swept, door, monkeypatch):
    """What is written down for the sweep, and for a whole project."""
    monkeypatch.chdir(swept)
    for output, more in {"sweep.json": ("--sweep", "small"), "project.json": ()}.items():
        answer = door("dashboard", "--output", output, *more)
        assert answer.returncode == 0, answer.stderr
        assert answer.stdout.startswith(f"{output}: ")
        assert "wandb login" in answer.stdout
    return [json.loads((swept / name).read_text()) for name in ("sweep.json", "project.json")]


def flat(tree, above=""):
    """Return the dotted keys of a tree, as W&B addresses what is nested."""
    keys = set()
    for key, value in tree.items():
        keys |= {f"{above}{key}"} | (flat(value, f"{above}{key}.") if isinstance(value, dict) else set())
    return keys


def nodes(tree):
    """Return every mapping in a specification."""
    if isinstance(tree, dict):
        yield tree
    for child in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else []:
        yield from nodes(child)


def named(spec):
    """Return every key that a specification names, as (section, key); a metric of an epoch is of the history."""
    found = set()
    for node in nodes(spec):
        config = node.get("config", {})
        kind = node.get("viewType")
        if kind == "Run History Line Plot":
            found |= {("history", key) for key in (config["xAxis"], *config["metrics"])}
        elif kind == "Bar Chart":
            found |= {("summary", key) for key in config["metrics"]}
        elif kind == "Media Browser":
            found |= {("summary", key) for key in config["mediaKeys"]}
        elif kind == "Parameter Importance":
            found.add(("summary", config["targetKey"]))
        elif kind == "Parallel Coordinates Plot":
            found |= {tuple(column["accessor"].split(":")) for column in config["columns"]}
        if "groupBy" in config:
            found.add(("config", config["groupBy"]))
        found |= {(key["section"], key["name"]) for key in node.get("grouping", [])}
        found |= {tuple(column.split(":")) for column in node.get("columnPinned", {}) if column != "run:displayName"}
        found |= {(one["key"]["section"], one["key"]["name"]) for one in node.get("sort", {}).get("keys", [])}
    return {(section, key.replace(".value", "", 1) if section == "config" else key) for section, key in found}


def filters(spec):
    """Return every filter: what it looks at, how, and for what."""
    return {
        (one["key"]["name"], one["op"], value)
        for node in nodes(spec)
        if "filterFormat" in node
        for one in node["filters"]
        for value in (one["value"] if isinstance(one["value"], list) else [one["value"]])
    }


def test_every_key_that_a_panel_names_is_one_that_runs_send(runs, specs):
    sent = set()
    for told, summary in runs:
        sent |= {("history", key) for item in history(told) for key in item}
        sent |= {("summary", key) for key in flat(summary["summary"])}
        sent |= {("config", key) for key in flat(summary["config"])}
    for spec in specs:
        asked = named(spec)
        assert {section for section, _ in asked} == {"history", "summary", "config"}
        assert len(asked) > 20
        assert asked <= sent, sorted(asked - sent)


def test_trials_are_in_their_study_s_group_with_job_type_and_tags(swept, runs):
    assert len({summary["run_id"] for _, summary in runs}) == len(runs) == 6
    for told, summary in runs:
        [run] = [record["run"] for record in told if record["type"] == "run"]
        method = summary["config"]["method"]
        assert run["run_group"] == f"small/rect/{method}"
        assert run["job_type"] == "trial"
        assert run["tags"] == ["rect", method, "small"]
        assert run["display_name"] in ("trial-0000", "trial-0001")


def test_every_filter_is_for_what_runs_have(runs, specs):
    has = {("state", "!=", "finished")}
    methods = set()
    for told, summary in runs:
        [run] = [record["run"] for record in told if record["type"] == "run"]
        methods.add(("tags", "IN", summary["config"]["method"]))
        has |= {("group", "IN", run["run_group"]), ("jobType", "IN", run["job_type"])}
        has |= {("tags", "IN", tag) for tag in run["tags"]}
    of_sweep, of_project = map(filters, specs)
    assert of_sweep == has - methods  # a sweep's methods are its groups
    assert methods | {("jobType", "IN", "trial"), ("jobType", "IN", "fit")} <= of_project


def test_a_trial_that_ended_early_says_why(runs):
    ended = [summary["summary"].get("ended") for _, summary in runs if summary["exit_code"] != 0]
    assert len(ended) == 3
    assert all("the loss became nan" in reason for reason in ended)


def test_the_report_has_each_error_with_its_interval_beside_the_paper_s(swept, specs):
    rows = json.loads((swept / "runs/small/results.json").read_text())
    [table] = [node["content"] for node in nodes(specs[0]) if "| test error |" in str(node.get("content"))]
    assert len(table.splitlines()) == 2 + len(rows)
    for row in rows:
        assert f"{100 * row['test_error']:.2f} ± {100 * row['test_interval']:.2f} %" in table
    assert "1.99 ± 0.12 %" in table  # SDAE-3 on rect, Table 3
    assert "not reported" in table  # MLP-3


def test_what_cannot_be_had_is_said_in_one_line(refused, tmp_path):
    assert "no such storage" in refused("dashboard", "--sweep", "none")
    assert "name it with --sweep" in refused("dashboard", "--folder", tmp_path)
    assert "cannot be written" in refused("dashboard", "--output", tmp_path / "none" / "dashboard.json")


@pytest.fixture
def wandb_server(monkeypatch):
    """Stand in for W&B's server, and keep what it is asked; it knows one account and one project."""
    asked = []

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer = {}
            if self.path == "/graphql":
                asked.append(json.loads(body))
                answer = {"data": self.data(asked[-1]["query"], asked[-1].get("variables", {}))}
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def data(self, query, given):
            if "upsertView" in query:
                project = {"id": "1", "name": given["projectName"], "entityName": given["entityName"]}
                kept = {key: given[key] for key in ("name", "type", "displayName", "description", "spec")}
                view = {"id": "Vmlldzox", "project": project, "updatedAt": "2026-11-24T00:00:00", **kept}
                return {"upsertView": {"view": view, "inserted": True}}
            if "models(" in query:
                project = {"__typename": "Project", "id": "1", "name": "sdae", "entityName": "me", "isBenchmark": False}
                project |= {"createdAt": "2026-11-24T00:00:00", "user": None}
                page = {"__typename": "PageInfo", "endCursor": None, "hasNextPage": False}
                return {"models": {"pageInfo": page, "edges": [{"node": project}]}}
            account = {"id": "u", "entity": "me", "username": "me", "name": "me", "email": None, "admin": False}
            account |= {"flags": None, "deletedAt": None, "apiKeys": {"edges": []}, "teams": {"edges": []}}
            return {"viewer": account}

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.serve_forever, daemon=True).start()
    login = {"WANDB_BASE_URL": f"http://127.0.0.1:{server.server_port}", "WANDB_API_KEY": "0" * 40}
    yield login, asked
    server.shutdown()
    server.server_close()


def test_with_a_login_what_would_be_written_is_sent(swept, sdae, wandb_server, specs):
    login, asked = wandb_server
    answer = sdae("dashboard", "--sweep", "small", cwd=swept, env={**login, "NO_PROXY": "127.0.0.1"})
    assert answer.returncode == 0, answer.stderr
    urls = answer.stdout.split()
    assert [url.startswith(f"{login['WANDB_BASE_URL']}/me/sdae") for url in urls] == [True, True]
    sent = {one["variables"]["type"]: one["variables"] for one in asked if "upsertView" in one["query"]}
    for kind, name in {"project-view": "workspace", "runs": "report"}.items():
        assert sent[kind]["entityName"] == "me"
        assert named(json.loads(sent[kind]["spec"])) == named(specs[0][name])
        assert filters(json.loads(sent[kind]["spec"])) == filters(specs[0][name])

    offline = sdae("dashboard", "--sweep", "small", "--offline", cwd=swept, env={**login, "NO_PROXY": "127.0.0.1"})
    assert offline.returncode == 0, offline.stderr

    asked.clear()
    again = sdae("dashboard", "--sweep", "small", cwd=swept, env={**login, "NO_PROXY": "127.0.0.1"})
    assert again.stdout == answer.stdout  # brought up to date, where they are
    ids = [one["variables"].get("id") for one in asked if "upsertView" in one["query"]]
    assert ids == ["Vmlldzox", "Vmlldzox"]

    asked.clear()
    answer = sdae("dashboard", "--project", "sade", cwd=swept, env={**login, "NO_PROXY": "127.0.0.1"})
    assert answer.returncode == 2
    assert "error: --project sade: me has no such project on W&B, it has sdae" in answer.stderr
    assert not [one for one in asked if "upsertView" in one["query"]]


def test_a_server_that_is_not_there_is_said_in_one_line(swept, sdae, no_network):
    answer = sdae("dashboard", cwd=swept, env=no_network)
    assert answer.returncode == 2
    assert "Traceback" not in answer.stderr
    assert answer.stderr.splitlines()[-1].startswith("error: W&B, sdae: ")
