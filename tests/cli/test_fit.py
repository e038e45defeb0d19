"""The real ``fit``, mostly as a process of its own."""

import json
import math
import re
import shutil
from importlib.metadata import version

import pytest
import torch
import yaml
from filelock import FileLock

DEMANDED = {
    *("problem", "method", "provenance", "seed", "valid_error", "test_error", "test_interval", "published"),
    *("epochs", "seconds", "hyperparameters", "versions"),
}


def numbers(folder):
    """What a repetition must give again."""
    result = json.loads((folder / "result.json").read_text())
    return {key: result[key] for key in ("valid_error", "test_error", "test_interval", "epochs", "seed")}


def test_fit_ends_with_a_row_on_screen(fitted):
    assert fitted.process.returncode == 0, fitted.process.stderr
    *_, head, rule, row, _, path = fitted.process.stdout.splitlines()
    cells, result = re.split(r"  +", row), fitted.result
    assert re.split(r"  +", head) == [
        *("problem", "method", "ν", "validation error", "test error", "paper", "data", "time")
    ]
    assert set(rule) == {"─", " "}
    assert cells[:3] == ["rect", "SDAE-2", "25 %"]
    assert cells[3] == f"{100 * result['valid_error']:.2f} %"
    assert cells[4] == f"{100 * result['test_error']:.2f} ± {100 * result['test_interval']:.2f} %"
    assert cells[5:7] == ["not reported", "generated"]
    assert path == "mine/result.json"


def test_fit_warns_of_nothing(fitted):
    assert "Warning" not in fitted.process.stderr
    assert "Traceback" not in fitted.process.stderr


def test_result_holds_what_the_study_needs(fitted):
    result = fitted.result
    assert result.keys() >= DEMANDED
    assert (result["problem"], result["method"], result["provenance"]) == ("rect", "SDAE-2", "generated")
    assert result["published"] is None  # Table 3 has three layers only
    assert 0 < result["valid_error"] < 1
    assert 0 < result["test_error"] < 1
    e = result["test_error"]
    assert result["test_interval"] == pytest.approx(1.96 * math.sqrt(e * (1 - e) / 50_000))
    assert result["seconds"] == pytest.approx(sum(sum(fitted.logged(f"{stage}/seconds")) for stage in STAGES))
    assert result["hyperparameters"]["pretraining"]["noise_level"] == 0.25
    assert result["hyperparameters"]["n_units"] == 40
    assert result["versions"]["torch"] == version("torch")  # without the build, +cu130, of torch.__version__


STAGES = ("pretrain/layer1", "pretrain/layer2", "fit", "test")


def test_metrics_hold_every_epoch_once(fitted):
    epochs = fitted.result["epochs"]
    assert len(fitted.logged("pretrain/layer1/loss")) == len(fitted.logged("pretrain/layer2/loss")) == 6
    assert len(fitted.logged("fit/loss")) == len(fitted.logged("fit/valid_error")) == epochs["fine_tuning"]
    assert fitted.logged("test/error") == [fitted.result["test_error"]]


def test_pretraining_lowers_the_reconstruction_error(fitted):
    for layer in (1, 2):
        losses = fitted.logged(f"pretrain/layer{layer}/loss")
        assert losses[-1] < losses[0]


def test_early_stopping_keeps_the_lowest_validation_error(fitted):
    errors, epochs = fitted.logged("fit/valid_error"), fitted.result["epochs"]
    assert fitted.result["valid_error"] == min(errors)
    assert epochs["best"] == errors.index(min(errors)) + 1
    assert epochs["fine_tuning"] == epochs["best"] + 6  # the patience


def test_fit_leaves_nothing_but_its_folder(fitted):
    assert [path.name for path in fitted.folder.parent.iterdir()] == ["mine"]
    assert {path.name for path in fitted.folder.iterdir()} - {".lock"} == {
        *("config.yaml", "metrics.csv", "preprocessing.json", "commits.json", "result.json", "fine_tuned.json"),
        *("layer1.ckpt", "layer2.ckpt", "pretrained.ckpt", "best.ckpt"),
    }


def test_every_checkpoint_is_plain_tensors_and_values(fitted):
    for path in fitted.folder.glob("*.ckpt"):
        assert "state_dict" in torch.load(path, weights_only=True)


def test_the_kept_configuration_repeats_the_run(fitted, door, tmp_path):
    answer = door("fit", "--config", fitted.folder / "config.yaml", "--run", "again")
    assert answer.returncode == 0
    assert numbers(tmp_path / "again") == numbers(fitted.folder)
    assert (tmp_path / "again" / "config.yaml").read_text() == (fitted.folder / "config.yaml").read_text()


def test_another_seed_gives_other_numbers(fitted, door, small, tmp_path):
    assert door("fit", *small, "--seed_everything", "2", "--run", "other").returncode == 0
    first = "pretrain/layer1/loss,1,"
    ours, theirs = (
        next(line for line in (folder / "metrics.csv").read_text().splitlines() if line.startswith(first))
        for folder in (fitted.folder, tmp_path / "other")
    )
    assert ours != theirs
    assert json.loads((tmp_path / "other" / "result.json").read_text())["seed"] == 2


def test_mlp_has_no_pretraining(door, small_data, tmp_path):
    network = ("--method", "mlp-2", "--model.n_units", "[30, 20]", "--fine_tuning.max_epochs", "2")
    assert door("fit", *small_data, *network, "--tracking.wandb", "off", "--run", "mlp").returncode == 0
    result = json.loads((tmp_path / "mlp" / "result.json").read_text())
    assert result["method"] == "MLP-2"
    assert result["hyperparameters"]["pretraining"] is None
    assert not list((tmp_path / "mlp").glob("layer*"))
    assert "pretrain/" not in (tmp_path / "mlp" / "metrics.csv").read_text()


def test_names_in_a_file_mean_what_they_mean_on_the_command_line(door, tmp_path):
    (tmp_path / "mine.yaml").write_text("data: basic\nmethod: sae-2\nmodel: {n_units: 17}\n")
    in_file = door("fit", "--config", "mine.yaml", "--print_config").stdout
    on_line = door("fit", "--data", "basic", "--method", "sae-2", "--model.n_units", "17", "--print_config").stdout
    assert in_file == on_line
    config = yaml.safe_load(in_file)
    assert config["data"]["class_path"] == "sdae.data.Basic"
    assert config["model"] == {"n_layers": 2, "n_units": 17}
    assert config["pretraining"]["noise_level"] == 0


def test_a_method_replaces_the_method_of_the_file_below(door, tmp_path):
    (tmp_path / "mine.yaml").write_text("method: mlp-2\n")
    config = yaml.safe_load(door("fit", "--config", "mine.yaml", "--method", "sae-2", "--print_config").stdout)
    assert config["pretraining"]["layer"] == "autoencoder"


def test_an_option_before_the_method_the_problem_and_the_file_overrides_them(door, tmp_path):
    (tmp_path / "mine.yaml").write_text("pretraining: {noise_level: 0.3}\ndata: rect\n")
    options = ("--pretraining.noise_level", "0.4", "--data.train_size", "50", "--data.source", "generated")
    names = ("--method", "sdae-3", "--data", "basic", "--config", "mine.yaml")
    config = yaml.safe_load(door("fit", *options, *names, "--print_config").stdout)
    assert config["pretraining"]["noise_level"] == 0.4
    assert config["data"]["class_path"] == "sdae.data.Basic"
    assert config["data"]["init_args"]["train_size"] == 50


def test_a_run_without_a_name_gets_a_folder_of_its_own(door, small, tmp_path):
    quick = (*small, "--pretraining.epochs", "1", "--fine_tuning.max_epochs", "1")
    assert door("fit", *quick).returncode == door("fit", *quick).returncode == 0
    folders = list((tmp_path / "runs").iterdir())
    assert len(folders) == 2
    assert all(folder.name.startswith("rect-sdae-2-") and (folder / "result.json").exists() for folder in folders)


def test_a_finished_run_is_done_again_only_when_asked(door, refused, small, tmp_path):
    quick = ("fit", *small, "--pretraining.epochs", "1", "--fine_tuning.max_epochs", "1", "--run", "mine")
    assert door(*quick).returncode == 0
    first = numbers(tmp_path / "mine")
    result = tmp_path / "mine" / "result.json"
    result.write_text(result.read_text().replace('"rect"', '"old"'))
    line = refused(*quick)
    assert "mine: holds a finished run" in line
    assert "--overwrite" in line
    assert '"old"' in result.read_text()

    assert door(*quick, "--overwrite").returncode == 0
    assert '"old"' not in result.read_text()
    assert numbers(tmp_path / "mine") == first


def test_overwrite_without_a_configuration_repeats_the_runs_own(door, mine):
    before = (mine / "config.yaml").read_text()
    answer = door("fit", "--run", "mine", "--overwrite", "--print_config")
    assert yaml.safe_load(before).items() <= yaml.safe_load(answer.stdout).items()
    result = numbers(mine)
    (mine / "result.json").unlink()
    assert door("fit", "--run", "mine", "--overwrite").returncode == 0
    assert numbers(mine) == result
    assert (mine / "config.yaml").read_text() == before


def test_overwrite_takes_options_on_top_of_the_runs_own_configuration(door, mine):
    options = ("--method", "sae-1", "--fine_tuning.max_epochs", "2")
    config = yaml.safe_load(door("fit", "--run", "mine", "--overwrite", *options, "--print_config").stdout)
    kept = yaml.safe_load((mine / "config.yaml").read_text())
    assert config["data"] == kept["data"]
    assert config["model"] == {**kept["model"], "n_layers": 1}
    assert config["fine_tuning"] == {**kept["fine_tuning"], "max_epochs": 2}


@pytest.mark.parametrize("named", [("--data", "basic"), ("--config", "mine.yaml"), ("-c=mine.yaml",)])
def test_overwrite_with_a_problem_or_a_configuration_is_a_new_run(door, mine, tmp_path, named):
    (tmp_path / "mine.yaml").write_text("data: basic\n")
    config = yaml.safe_load(door("fit", "--run", "mine", "--overwrite", *named, "--print_config").stdout)
    assert config["data"]["class_path"] == "sdae.data.Basic"
    assert config["model"]["n_units"] == 1000


def test_a_flag_must_agree_with_the_run_it_goes_on_with(fitted, refused, small):
    """The folder is finished: who agrees is told just that, who does not is told of the flag."""
    ours = ("fit", *small, "--run", fitted.folder)
    assert "holds a finished run" in refused("fit", "--run", fitted.folder)
    assert "holds a finished run" in refused(*ours)
    assert "holds a finished run" in refused(*ours, "--model.n_units", "40")
    line = refused(*ours, "--model.n_units", "41")
    assert f"{fitted.folder}/config.yaml: model.n_units is 40 there and 41 on the command line" in line
    assert "data.class_path" in refused(*ours, "--data", "mnist")
    assert "seed_everything is 1" in refused(*ours, "--seed_everything", "2")
    assert "pretraining.noise_level" in refused(*ours, "--method", "sae-2")


def test_an_option_that_the_method_does_not_have_is_said(door, small_data, caplog):
    quick = (*small_data, "--model.n_units", "4", "--pretraining.epochs", "1", "--fine_tuning.max_epochs", "1")

    def warned(*args):
        caplog.clear()
        assert door("fit", *quick, "--tracking.wandb", "off", *args).returncode == 0
        return [line for line in caplog.messages if "has no effect" in line]

    assert warned("--method", "dbn-1", "--pretraining.noise_level=0.3", "--fine_tuning.corruption", "gaussian") == [
        "--pretraining.noise_level: has no effect on an RBM",
        "--fine_tuning.corruption: has no effect where fine_tuning.noise_level is 0",
    ]
    sampled = ("--pretraining.sampled_inputs", "true", "--pretraining.layer", "autoencoder")
    assert warned("--method", "sae-1", *sampled) == ["--pretraining.sampled_inputs: has no effect on an autoencoder"]
    assert warned("--method", "mlp-1") == ["--pretraining.epochs: has no effect on an MLP"]
    assert warned("--method", "sae-1", "--pretraining.corruption", "gaussian") == [
        "--pretraining.corruption: has no effect where pretraining.noise_level is 0"
    ]


@pytest.mark.parametrize("section", ["model", "pretraining", "fine_tuning"])
def test_a_configuration_that_was_cut_is_refused(fitted, refused, tmp_path, section):
    shutil.copytree(fitted.folder, tmp_path / "mine")
    content = yaml.safe_load((tmp_path / "mine/config.yaml").read_text())
    del content[section]
    (tmp_path / "mine/config.yaml").write_text(yaml.safe_dump(content))
    for command in ("fit", "test"):
        said = f"mine/config.yaml: is incomplete: {section} is missing"
        assert said in refused(command, "--run", "mine")


def test_the_same_command_goes_on_also_where_it_named_a_source(door, small, tmp_path):
    quick = (*small, "--pretraining.epochs", "1", "--fine_tuning.max_epochs", "1")
    command = ("fit", *quick, "--data.source", "auto", "--run", "mine")
    assert door(*command).returncode == 0
    (tmp_path / "mine" / "result.json").unlink()
    assert door(*command).returncode == 0


def test_a_folder_that_holds_something_else_is_refused(refused, small, tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter1.txt").write_text("Deep networks")
    assert "thesis: is not empty and is not a run folder" in refused("fit", *small, "--run", "thesis")
    assert "thesis: is not empty and is not a run folder" in refused("fit", *small, "--run", "thesis", "--overwrite")
    assert [path.name for path in (tmp_path / "thesis").iterdir()] == ["chapter1.txt"]


def test_a_second_process_on_the_same_run_is_refused(refused, small, tmp_path):
    (tmp_path / "mine").mkdir()
    with FileLock(tmp_path / "mine" / ".lock"):
        assert refused("fit", *small, "--run", "mine") == "error: mine: another process is using this run"
    assert [path.name for path in (tmp_path / "mine").iterdir()] == [".lock"]


def test_bare_fit_is_the_shipped_default(door):
    from sdae.config.names import shipped

    default = yaml.safe_load((shipped("conf") / "default.yaml").read_text())
    config = yaml.safe_load(door("fit", "--print_config").stdout)
    assert (default["data"], default["method"]) == ("rect", "sdae-3")
    assert config["data"]["class_path"] == "sdae.data.Rect"
    assert config["model"] == {"n_layers": 3, "n_units": 1000}
    for section in ("pretraining", "fine_tuning"):
        assert config[section].items() >= default[section].items()


def test_a_list_gives_each_layer_its_own_value(door, small, tmp_path):
    lists = ("--model.n_units", "[30, 20]", "--pretraining.noise_level", "[0.1, 0.4]")
    rates = ("--pretraining.learning_rate", "[0.01, 0.02]")
    quick = ("--pretraining.epochs", "1", "--fine_tuning.max_epochs", "1")
    answer = door("fit", *small, *lists, *rates, *quick, "--run", "mine")
    assert answer.returncode == 0
    assert "10 %, 40 %" in answer.stdout
    for k, (level, rate, units) in enumerate([(0.1, 0.01, 30), (0.4, 0.02, 20)], start=1):
        layer = torch.load(tmp_path / "mine" / f"layer{k}.ckpt", weights_only=True)
        assert layer["hyper_parameters"]["noise_level"] == level
        assert layer["hyper_parameters"]["learning_rate"] == rate
        assert len(layer["state_dict"]["encoder.weight"]) == units


def test_what_results_do_not_depend_on_may_change(fitted, door, refused):
    run = ("--run", fitted.folder)
    assert "holds a finished run" in refused("fit", *run, "--tracking.wandb", "off", "--trainer.progress", "true")
    assert "trainer.tf32 is" in refused("fit", *run, "--trainer.tf32", "true")
    assert door("test", *run, "--trainer.accelerator", "cpu").returncode == 0
    assert "overwrite" not in refused("test", *run, "--model.n_units", "41")
