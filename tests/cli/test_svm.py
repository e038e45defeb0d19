"""``svm`` on finished runs and on problems alone, against plain SVCs on representations computed by hand."""

import json
import shutil
import signal
import statistics
import subprocess
import sys
from dataclasses import asdict, replace

import numpy as np
import pytest
import torch
from sklearn.svm import SVC

from patience import PATIENT
from sdae.cli.svm import USUAL
from sdae.cli.svm_input import tracking_of
from sdae.data import Rect
from sdae.formatting import percent
from sdae.functional.error_rate import interval
from sdae.models.classifier import Classifier
from sdae.paper.published import published
from sdae.runs.folder import RunFolder
from sdae.tracking.options import Tracking

# One machine beside another, and in this process.
QUICK = ("--C", 1, 10, "--gamma", 1, "--fine", "false", "--workers", 1)
ALONE = """
class_path: sdae.data.Rect
init_args: {source: generated, train_size: 200}
"""


@pytest.fixture(scope="module")
def rect(data_folder):
    problem = Rect(data_folder, "generated", train_size=200)
    problem.setup()
    return {name: (x.numpy(), t.numpy()) for name, (x, t) in problem.splits.items()}


@pytest.fixture
def asked(door, mine):
    """Ask the run, and return what ``svm.json`` holds."""

    def run(*args):
        answer = door("svm", "--run", "mine", *QUICK, *args)
        assert answer.returncode == 0, answer.stderr
        return json.loads((mine / "svm.json").read_text()), answer

    return run


def one(content, **of):
    (answer,) = [a for a in content["answers"] if all(a[key] == value for key, value in of.items())]
    return answer


@torch.no_grad()
def by_hand(classifier, rect, layer):
    return {name: (classifier.representation(torch.from_numpy(x), layer).numpy(), t) for name, (x, t) in rect.items()}


def plain_error(answer, splits, parts):
    x, t = (np.concatenate([splits[part][i] for part in parts]) for i in (0, 1))
    gamma = {} if answer["gamma"] is None else {"gamma": answer["gamma"]}
    machine = SVC(kernel=answer["kernel"], C=answer["C"], **gamma).fit(x.astype(float), t)
    x, t = splits["test"]
    return (machine.predict(x[::10].astype(float)) != t[::10]).mean()


def measured(mine):
    return [json.loads(line)["of"] for line in (mine / "svm.jsonl").read_text().splitlines()]


def test_every_layer_and_kernel_is_answered_as_by_a_plain_svc(asked, mine, rect, fitted):
    content, answer = asked()
    assert [(a["layer"], a["kernel"]) for a in content["answers"]] == [
        (layer, kernel) for layer in (0, 1, 2) for kernel in ("linear", "rbf")
    ]
    classifier = Classifier.load_from_checkpoint(mine / "pretrained.ckpt", weights_only=True)
    for layer, kernel in ((0, "rbf"), (1, "linear"), (2, "rbf")):
        splits = by_hand(classifier, rect, layer)
        found = one(content, layer=layer, kernel=kernel)
        assert found["C"] in (1, 10)
        for key, parts in (("without_valid", ["train"]), ("with_valid", ["train", "valid"])):
            error = found[key]["test_error"]
            assert plain_error(found, splits, parts) == pytest.approx(error, abs=4 * (error / 5000) ** 0.5)
            assert found[key]["test_interval"] == interval(error, 50_000)
        assert found["test_error"] == found["with_valid"]["test_error"]
        assert found["gamma_unit"] is None or found["gamma"] == pytest.approx(found["gamma_unit"], rel=1e-4)
    for name in ("problem", "provenance", "method", "seed"):
        assert content[name] == fitted.result[name]
    for found in content["answers"]:
        assert {"scikit-learn", "scikit-learn-intelex", "torch", "commit"} <= found["versions"].keys()
    table = answer.stdout.splitlines()
    assert "rect · SVMs on SDAE-2, before fine-tuning · mine" in table
    for found in content["answers"]:
        assert any(percent(found["test_error"], found["test_interval"]) in line for line in table)
    assert {path.name for path in mine.iterdir()} - {path.name for path in fitted.folder.iterdir()} == {
        "svm.json",
        "svm.jsonl",
        "svm.png",
    }


def test_the_test_set_meets_chosen_machines_alone(asked, mine):
    content, _ = asked("--layers", 1)
    for kernel in ("linear", "rbf"):
        tested = [of for of in measured(mine) if of["asked"] == "test" and of["kernel"] == kernel]
        assert [of["trained_on"] for of in tested] == ["train", "train and valid"]
        assert {of["C"] for of in tested} == {one(content, kernel=kernel)["C"]}


def test_the_lowest_validation_error_is_chosen(asked, mine):
    content, _ = asked("--layers", 0, "--kernels", "rbf")
    lines = [json.loads(line) for line in (mine / "svm.jsonl").read_text().splitlines()]
    errors = {line["of"]["C"]: line["measured"]["wrong"] / 200 for line in lines if line["of"]["asked"] == "valid"}
    (answer,) = content["answers"]
    assert answer["C"] == min(errors, key=lambda C: (errors[C], C))
    assert answer["valid_error"] == errors[answer["C"]]
    assert answer["candidates"] == len(errors) == 2


@pytest.mark.parametrize(
    ("of", "labels", "examples"), [("labels: 40", 40, 1000), ("train_size: 200", 200, 200)], ids=["labels", "examples"]
)
def test_beside_fewer_examples_or_labels_stands_no_number_of_the_papers(door, tmp_path, of, labels, examples):
    (tmp_path / "few.yaml").write_text(f"class_path: sdae.data.Rect\ninit_args: {{source: generated, {of}}}\n")
    answer = door("svm", "--data", "few.yaml", "--kernels", "rbf", "--output", "few", *QUICK)
    assert answer.returncode == 0, answer.stderr
    content = json.loads((tmp_path / "few/svm.json").read_text())
    assert (content["labels"], content["examples"]["train"]) == (labels, examples)
    assert one(content, layer=0)["published"] is None
    assert "not reported" in answer.stdout


def test_random_weights_stand_beside_the_trained_ones(asked, mine, rect):
    before, _ = asked()
    lines = len(measured(mine))
    after, answer = asked("--random_weights")
    assert "random weights" in answer.stdout
    assert [a for a in after["answers"] if a["weights"] != "random"] == before["answers"]
    assert len([a for a in after["answers"] if a["weights"] == "random"]) == 4
    assert len(measured(mine)) == lines * 5 // 3  # the input is not measured again
    start = Classifier(784, 2, n_layers=2, n_units=40, seed=1)
    found = one(after, weights="random", layer=2, kernel="rbf")
    error = found["test_error"]
    assert plain_error(found, by_hand(start, rect, 2), ["train", "valid"]) == pytest.approx(error, abs=0.03)


def test_fine_tuned_weights_are_others(asked, rect, mine):
    asked("--layers", 1, "--kernels", "linear")
    content, _ = asked("--layers", 1, "--kernels", "linear", "--fine_tuned")
    errors = {a["weights"]: a["test_error"] for a in content["answers"]}
    best = Classifier.load_from_checkpoint(mine / "best.ckpt", weights_only=True)
    found = one(content, weights="best")
    assert plain_error(found, by_hand(best, rect, 1), ["train", "valid"]) == pytest.approx(errors["best"], abs=0.03)
    assert errors["best"] != errors["pretrained"]


def test_without_refit_the_machine_of_the_training_set_is_the_answer(asked):
    content, _ = asked("--layers", 1, "--kernels", "rbf", "--refit", "false")
    (answer,) = content["answers"]
    assert answer["with_valid"] is None
    assert answer["trained_on"] == "train"
    assert answer["test_error"] == answer["without_valid"]["test_error"]
    content, _ = asked("--layers", 1, "--kernels", "rbf")
    assert one(content, trained_on="train and valid")["without_valid"] == answer["without_valid"]
    again, printed = asked("--layers", 1, "--kernels", "rbf", "--refit", "false")
    assert again["answers"] == content["answers"]  # neither replaces the other
    assert [line.split()[:2] for line in printed.stdout.splitlines()].count(["1", "rbf"]) == 1


def test_the_same_question_again_measures_nothing(asked, mine):
    content, first = asked()
    state = (mine / "svm.jsonl").stat().st_mtime_ns
    again, second = asked()
    assert again["answers"] == content["answers"]
    assert second.stdout == first.stdout
    assert (mine / "svm.jsonl").stat().st_mtime_ns == state


def test_an_earlier_answer_keeps_its_versions(asked, mine):
    content, _ = asked("--layers", 1, "--kernels", "linear")
    content["answers"][0]["versions"]["commit"] = "an earlier one"
    (mine / "svm.json").write_text(json.dumps(content))
    content, _ = asked("--layers", 1)
    assert one(content, kernel="linear")["versions"]["commit"] == "an earlier one"
    assert one(content, kernel="rbf")["versions"]["commit"] != "an earlier one"


def test_an_overwritten_run_forgets_its_answers(asked, mine, door, small):
    asked("--layers", 1, "--kernels", "linear")
    assert door("fit", *small, "--run", "mine", "--overwrite", "--seed_everything", 2).returncode == 0
    assert not list(mine.glob("svm*"))


def test_an_mlps_weights_before_fine_tuning_are_its_random_start(door, small_data, tmp_path):
    fit = ("--method", "mlp-1", "--model.n_units", 10, "--fine_tuning.max_epochs", 1, "--tracking.wandb", "off")
    assert door("fit", *small_data, *fit, "--run", "mlp").returncode == 0
    answer = door("svm", "--run", "mlp", *QUICK, "--kernels", "linear")
    assert "SVMs on MLP-1, random weights" in answer.stdout
    content = json.loads((tmp_path / "mlp" / "svm.json").read_text())
    assert [a["weights"] for a in content["answers"]] == ["input", "random"]


# -- a problem alone, noisy copies, folds ------------------------------------------------------------------------------


@pytest.fixture
def alone(door, tmp_path):
    """Ask the small problem without a run."""
    (tmp_path / "small.yaml").write_text(ALONE)
    return lambda *args: door("svm", "--data", "small.yaml", *QUICK, "--tracking.wandb", "off", *args)


def test_a_problem_alone_is_table_3s_column(door, tmp_path):
    (tmp_path / "whole.yaml").write_text("class_path: sdae.data.Rect\ninit_args: {source: generated}\n")
    answer = door("svm", "--data", "whole.yaml", "--kernels", "rbf", "--tracking.wandb", "off", *QUICK)
    assert answer.returncode == 0, answer.stderr
    (folder,) = (tmp_path / "runs").iterdir()
    assert folder.name.startswith("rect-svm-")
    assert {path.name for path in folder.iterdir() if path.suffix} == {".lock", "svm.json", "svm.jsonl"} - {".lock"}
    content = json.loads((folder / "svm.json").read_text())
    cell = published("rect", "SVM-rbf")
    found = one(content, layer=0, kernel="rbf")
    assert found["published"] == {
        **{"table": "table3", "model": "SVM-rbf"},
        **{"test_error": cell.test_error, "interval": cell.interval},
    }
    assert "2.15 ± 0.13 %" in answer.stdout


def test_noisy_copies_join_the_training_set_alone(alone, tmp_path):
    clean = ("--kernels", "linear", "--output", "out")
    assert alone(*clean).returncode == 0
    answer = alone(*clean, "--noisy_copies", 2, "--noise_level", 0.4)
    assert answer.returncode == 0, answer.stderr
    assert "trained with 2 noisy copies of each example (masking, 0.4)" in answer.stdout
    content = json.loads((tmp_path / "out" / "svm.json").read_text())
    assert len(content["answers"]) == 2
    noisy = one(content, noise={"copies": 2, "level": 0.4, "corruption": "masking"})
    assert noisy["published"] is None
    assert noisy["test_error"] != one(content, noise=None)["test_error"]


WITHOUT_SVMS = shutil.ignore_patterns("svm*", ".lock")


@pytest.fixture(scope="module")
def folds(sdae, tmp_path_factory):
    """A run of ten folds on few clips."""
    random = np.random.default_rng(0)
    song = np.arange(200) // 4
    labels = song % 10
    x = random.normal(0, 10, (200, 592)) + 10 * random.normal(0, 1, (10, 592))[labels]
    cwd = tmp_path_factory.mktemp("folds")
    np.savez(cwd / "mine.npz", features=x.astype(np.float16), labels=labels.astype(np.uint8), song=song)
    fit = ("--data", "tzanetakis", "--data.features", cwd / "mine.npz", "--method", "sdae-1", "--model.n_units", "4")
    how = ("--pretraining.corruption", "gaussian", "--pretraining.noise_level", "0.1", "--pretraining.epochs", "2")
    rest = ("--pretraining.learning_rate", "1e-4", "--fine_tuning.max_epochs", "3", "--tracking.wandb", "off")
    assert sdae("fit", *fit, *how, *rest, "--run", "whole", cwd=cwd).returncode == 0
    return cwd / "whole"


def test_every_fold_is_asked_and_their_mean_and_deviation_said(folds, door):
    answer = door("svm", "--run", folds, *QUICK, "--kernels", "linear")
    assert answer.returncode == 0, answer.stderr
    content = json.loads((folds / "svm.json").read_text())
    each = [json.loads((folds / f"fold{k:02d}" / "svm.json").read_text()) for k in range(10)]
    for layer in (0, 1):
        errors = [one(fold, layer=layer)["test_error"] for fold in each]
        found = one(content, layer=layer)
        assert found["test_error"] == pytest.approx(statistics.mean(errors))
        assert found["test_interval"] == pytest.approx(statistics.stdev(errors))
        assert found["C"] == [one(fold, layer=layer)["C"] for fold in each]
        assert f"{100 * statistics.mean(errors):.2f} ± {100 * statistics.stdev(errors):.2f} %" in answer.stdout
    assert "± sd of 10 folds" in answer.stdout
    assert "not the paper's" in answer.stdout
    assert (folds / "svm.png").read_bytes().startswith(b"\x89PNG")


def test_the_folds_that_studies_chose_are_asked_as_those_of_a_run(folds, door, refused, tmp_path):
    for k in range(10):
        shutil.copytree(folds / f"fold{k:02d}", tmp_path / f"search/fold{k:02d}/trial-0003", ignore=WITHOUT_SVMS)
        worse = tmp_path / f"search/fold{k:02d}/trial-0001"  # a study tests one trial, and drops the others' weights
        shutil.copytree(folds / f"fold{k:02d}", worse, ignore=shutil.ignore_patterns("svm*", "result.json", "*.ckpt"))
    asked = (*QUICK, "--kernels", "linear", "--layers", "1")
    answer = door("svm", "--run", "search", *asked)
    assert answer.returncode == 0, answer.stderr
    assert "± sd of 10 folds" in answer.stdout
    assert door("svm", "--run", folds, *asked).returncode == 0
    ours, theirs = (
        one(json.loads((place / "svm.json").read_text()), layer=1) for place in (tmp_path / "search", folds)
    )
    for key in ("test_error", "test_interval", "C", "valid_error"):
        assert ours[key] == theirs[key]
    (tmp_path / "search/fold04/trial-0003/best.ckpt").unlink()
    assert "search/fold04: has no tested run with its weights" in refused("svm", "--run", "search")
    shutil.rmtree(tmp_path / "search/fold04")
    assert "search: has 9 folds of 10" in refused("svm", "--run", "search")


# -- what cannot be asked ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--run", "nowhere"], "nowhere: holds no run"),
        ([], "svm: a run is needed"),
        (["--run", "mine", "--data", "rect"], "--run, --data: one at a time"),
        (["--run", "mine", "--layers", 3], "--layers: 3 does not exist; the stack has layers 1 to 2, 0 is the input"),
        (["--run", "mine", "--layers", -1], "--layers: -1 does not exist"),
        (["--run", "mine", "--C", 1, 0], "--C 0: a positive number"),
        (["--run", "mine", "--gamma", ".nan"], "--gamma nan: a positive number"),
        (["--run", "mine", "--C"], "C"),
        (["--run", "mine", "--workers", 0], "--workers 0: at least one"),
        (["--run", "mine", "--kernels", "poly"], "kernels"),
        (["--run", "mine", "--noisy_copies", 9, "--noise_level", 1.5], "--noise_level: a fraction ν"),
        (["--run", "mine", "--noisy_copies", -1], "--noisy_copies -1"),
        (["--run", "mine", "--noise_level", 0.1], "--noise_level: of noisy copies"),
        (["--run", "mine", "--corruption", "gaussian"], "--corruption: of noisy copies"),
        (["--run", "mine", "--noisy_copies", 1, "--layers", 1], "--noisy_copies: of the raw input alone"),
        (["--run", "mine", "--fine_tuned", "--random_weights"], "one at a time"),
        (["--run", "mine", "--output", "elsewhere"], "--output"),
        (["--run", "mine", "--noisy_copies", 1, "--seed", 1], "--seed: go with --data; a run has its own"),
        (["--data", "small.yaml", "--seed", 2], "--seed: of noisy copies"),
        (["--data", "small.yaml", "--path", "x.npz"], "--path: of a run's data"),
        (["--data", "small.yaml", "--layers", 1], "--layers: 1 does not exist; the only one is 0, the input"),
        (["--data", "small.yaml", "--fine_tuned"], "of a run"),
        (["--data", "small.yaml", "--output", "mine"], "mine: holds a run"),
        (["--data", "small.yaml", "--output", "full"], "full: is not empty"),
        (["--data", "nothing"], "--data nothing: unknown"),
        (["--data", "natural-patches"], "has no classes"),
    ],
    ids=lambda value: " ".join(map(str, value)) if isinstance(value, list) else "",
)
def test_bad_input_is_said_in_one_line_and_leaves_nothing(refused, mine, tmp_path, args, said):
    (tmp_path / "small.yaml").write_text(ALONE)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "something").touch()
    before = {path for path in tmp_path.rglob("*") if path.name != ".lock"}
    assert said in refused("svm", *args)
    assert {path for path in tmp_path.rglob("*") if path.name != ".lock"} == before


def test_a_run_without_weights_is_named(refused, mine):
    (mine / "pretrained.ckpt").unlink()
    assert "mine/pretrained.ckpt: no such checkpoint" in refused("svm", "--run", "mine")


def test_weights_of_half_a_fine_tuning_are_refused(refused, mine):
    for name in ("fine_tuned.json", "result.json"):
        (mine / name).unlink()
    assert "mine: is not fine-tuned, or not to the end" in refused("svm", "--run", "mine", "--fine_tuned")


def test_weights_of_another_problem_are_refused(refused, mine):
    checkpoint = torch.load(mine / "pretrained.ckpt", weights_only=True)
    checkpoint["hyper_parameters"]["n_classes"] = 10
    torch.save(checkpoint, mine / "pretrained.ckpt")
    assert "is of a network with 10 classes, rect has 2" in refused("svm", "--run", "mine")


def test_weights_that_are_nan_are_refused(refused, mine):
    checkpoint = torch.load(mine / "pretrained.ckpt", weights_only=True)
    checkpoint["state_dict"]["encoders.1.weight"][3, 5] = torch.nan
    torch.save(checkpoint, mine / "pretrained.ckpt")
    assert "mine: layer 2: train example 1 is NaN or infinity" in refused("svm", "--run", "mine", *QUICK, "--layers", 2)
    assert not (mine / "features").exists()
    assert not (mine / "svm.json").exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"answers": 3}'])
def test_a_damaged_answer_is_named(refused, mine, text):
    (mine / "svm.json").write_text(text)
    assert "mine/svm.json: " in refused("svm", "--run", "mine", *QUICK, "--layers", 1)


def test_answers_of_another_problem_are_not_mixed_in(alone, tmp_path):
    assert alone("--kernels", "linear", "--output", "out").returncode == 0
    path = tmp_path / "out" / "svm.json"
    path.write_text(path.read_text().replace('"problem": "rect"', '"problem": "convex"'))
    answer = alone("--output", "out")
    assert answer.returncode == 2
    assert "out/svm.json: is of problem convex, not rect; name another folder" in answer.stderr


# -- kills and interrupts ----------------------------------------------------------------------------------------------

# Stands still once as many machines are kept.
CHILD = """
import sys, threading
from sdae.evaluation.svm.candidates import Candidates

append, kept = Candidates._append, []

def append_then_stand_still(self, text):
    append(self, text)
    kept.append(text)
    if len(kept) == 9:
        print("standing still", flush=True)
        threading.Event().wait()

Candidates._append = append_then_stand_still

if __name__ == "__main__":
    from sdae.cli import main
    main(sys.argv[1:])
"""
MORE = ("--C", "1", "10", "100", "--gamma", "1", "--kernels", "rbf")


@pytest.fixture(scope="module")
def whole(sdae, fitted, tmp_path_factory):
    """The search that was never stopped."""
    cwd = tmp_path_factory.mktemp("whole")
    shutil.copytree(fitted.folder, cwd / "mine")
    assert sdae("svm", "--run", "mine", *MORE, "--workers", 2, cwd=cwd).returncode == 0
    return cwd / "mine"


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM], ids=lambda how: how.name)
def test_a_stopped_search_goes_on_and_measures_nothing_twice(how, whole, environment, mine, door, tmp_path):
    (tmp_path / "child.py").write_text(CHILD)
    process = subprocess.Popen(
        [sys.executable, "child.py", "svm", "--run", "mine", *MORE, "--workers", "2"],
        **{"cwd": tmp_path, "env": environment, "text": True, "stdin": subprocess.DEVNULL},
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE},
        # A suite started in the background has interrupts ignored, and passes that on.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        assert process.stdout is not None
        assert "standing still\n" in iter(process.stdout.readline, ""), process.communicate()[1]
        process.send_signal(how)
        _, err = process.communicate(timeout=PATIENT)  # which ends when its workers have ended too
    finally:
        process.kill()
    if how != signal.SIGKILL:
        assert process.returncode == {signal.SIGINT: 1, signal.SIGTERM: 143}[how]
        assert "Traceback" not in err
        assert err.splitlines()[-1] == "interrupted; the same command resumes it"
        assert not (mine / "features").exists()
    kept = (mine / "svm.jsonl").read_text()
    assert len(kept.splitlines()) == 9
    assert door("svm", "--run", "mine", *MORE, "--workers", 1).returncode == 0
    assert (mine / "svm.jsonl").read_text().startswith(kept)
    of = [json.dumps(of) for of in measured(mine)]
    assert len(set(of)) == len(of)
    assert sorted(of) == sorted(json.dumps(of) for of in measured(whole))
    ours, theirs = (json.loads((folder / "svm.json").read_text()) for folder in (mine, whole))
    for answer in (*ours["answers"], *theirs["answers"]):
        del answer["seconds"]
    assert ours == theirs
    assert not (mine / "features").exists()


def test_another_process_at_work_is_said(refused, mine):
    with RunFolder(mine).locked():
        assert "mine: another process is using this run" in refused("svm", "--run", "mine", *QUICK)


# -- W&B ---------------------------------------------------------------------------------------------------------------


def test_wandb_gets_a_table_the_picture_and_every_test_error(sdae, fitted, environment, tmp_path):
    shutil.copytree(fitted.folder, tmp_path / "mine")
    args = ("svm", "--run", "mine", *QUICK, "--layers", 1, "--tracking.wandb", "offline")
    answer = sdae(*args, cwd=tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert "wandb sync mine/wandb/offline-run-" in answer.stderr
    (file,) = [path for path in (tmp_path / "mine").glob("wandb/*/*.wandb") if not path.parent.is_symlink()]
    command = [sys.executable, "-m", "wandb", "leet", "inspect", "--json", "--summary", str(file)]
    told = json.loads(subprocess.run(command, env=environment, capture_output=True, check=True, timeout=PATIENT).stdout)
    content = json.loads((tmp_path / "mine" / "svm.json").read_text())
    for kernel in ("linear", "rbf"):
        key = f"svm/pretrained/layer1/{kernel}/test_error"
        assert told["summary"][key] == one(content, kernel=kernel)["test_error"]
    assert told["summary"]["svm/answers"]["nrows"] == 2
    assert told["summary"]["svm/layers"]["_type"] == "image-file"
    assert told["config"]["svm"]["grid"]["C"] == [1, 10]
    assert told["config"]["model"]["n_units"] == 40
    assert (told["name"], told["tags"], told["state"]) == ("mine-svm", ["rect", "SDAE-2"], "finished")


def test_what_is_not_said_of_tracking_is_as_the_run_has_it(tmp_path):
    config = {"tracking": asdict(Tracking("off", "theirs", "a study", tags=["mine"], name="trial 3"))}
    folder = RunFolder(tmp_path / "mine")
    expected = Tracking("off", "theirs", "a study", "svm", ["mine"], "mine-svm")
    assert tracking_of(USUAL, config, folder) == expected
    assert tracking_of(replace(USUAL, wandb="offline", group="g"), config, folder) == replace(
        expected, wandb="offline", group="g"
    )
    assert tracking_of(USUAL, {}, folder).group == "mine"
