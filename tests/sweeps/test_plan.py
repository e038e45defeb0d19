"""The studies of a sweep file: the shipped ones, their names, and what a trial's configuration says."""

from functools import cache

import numpy as np
import pytest

from sdae.config.building import build
from sdae.config.names import shipped
from sdae.errors import SdaeError
from sdae.paper.published import published
from sdae.sweeps.space import grid
from small_sweep import SMALL, planned

FILES = sorted(shipped("sweeps").glob("*.yaml"))
shipped_studies = cache(planned)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_shipped_sweep_can_be_planned(path):
    assert f"# python src/cli.py sweep --config sweeps/{path.name}" in path.read_text().splitlines()
    studies = shipped_studies(path)
    assert len({study.folder for study in studies}) == len(studies)
    assert all(1 <= study.trials <= len(grid(study.axes)) for study in studies)


@pytest.mark.parametrize("table", ["table3", "table4"])
def test_a_tables_sweep_has_a_study_for_each_of_its_cells(table):
    rows = {study.row: study for study in shipped_studies(shipped("sweeps") / f"{table}.yaml")}
    assert all(published(study.problem, study.method) for study in rows.values() if study.method != "MLP-3")
    assert len(rows) == {"table3": 50, "table4": 21}[table]


def test_tzanetakis_is_studied_fold_by_fold_with_gaussian_noise():
    folds = [s for s in shipped_studies(shipped("sweeps") / "table3.yaml") if s.row == "table3/tzanetakis/SDAE-3"]
    assert [study.fold for study in folds] == list(range(10))
    assert [study.config["data"]["init_args"]["fold"] for study in folds] == list(range(10))
    assert all(study.config["pretraining"]["corruption"] == "gaussian" for study in folds)
    assert folds[3].name == "table3/tzanetakis/SDAE-3/fold03"


def test_a_point_of_a_figure_is_a_study(of):
    studies = of(studies=[{"problems": ["rect"], "methods": ["sdae-2"], "each": ["ν"]}])
    assert [study.name for study in studies] == [f"small/rect/SDAE-2/ν={level}" for level in (0.1, 0.25, 0.4)]
    assert [study.axes["ν"] for study in studies] == [[0.1], [0.25], [0.4]]
    assert studies[0].folder == "rect/sdae-2/nu-0.1"


def test_an_emphasis_may_be_a_figures_axis(of):
    studies = of(studies=[{"problems": ["rect"], "methods": ["sdae-3-double"], "each": ["emphasis"]}])
    assert [study.name.rpartition("/")[2] for study in studies] == ["emphasis=double", "emphasis=full"]
    assert [study.folder.rpartition("/")[2] for study in studies] == ["emphasis-double", "emphasis-full"]
    assert [study.axes["emphasis"] for study in studies] == [["double"], ["full"]]


def test_an_axis_that_only_some_methods_have_divides_those(of):
    studies = of(
        space={"ν": [0.1, 0.25]}, studies=[{"problems": ["rect"], "methods": ["sae-1", "sdae-1"], "each": ["ν"]}]
    )
    assert [study.name for study in studies] == [
        "small/rect/SAE-1",
        "small/rect/SDAE-1/ν=0.1",
        "small/rect/SDAE-1/ν=0.25",
    ]


def test_a_problem_by_its_file_stays_below_the_sweeps_folder(of, tmp_path):
    random, t = np.random.default_rng(0), np.arange(60) % 2
    np.savez(tmp_path / "own.npz", x=random.random((60, 4)), t=t)
    (tmp_path / "below").mkdir()
    names = {"mine.yaml": "mine", "my own.yaml": "my-own", "数据.yaml": "数据", "below/it.yml": "it"}
    for name in names:
        (tmp_path / name).write_text(f"class_path: sdae.data.LocalArrays\ninit_args: {{path: {tmp_path}/own.npz}}\n")
    files = [str(tmp_path / name) for name in names]
    studies = of(settings={}, studies=[{"problems": files, "methods": ["mlp-1"]}])
    assert [study.name for study in studies] == [f"small/{name}/MLP-1" for name in names.values()]
    assert [study.folder for study in studies] == [f"{name}/mlp-1" for name in ("mine", "my-own", "数据", "it")]
    root = tmp_path / "runs" / "small"
    for study in studies:
        assert (root / study.folder).resolve().parent.parent == root


def test_studies_that_would_share_a_folder_are_refused(of, tmp_path):
    np.savez(tmp_path / "own.npz", x=np.random.default_rng(0).random((60, 4)), t=np.arange(60) % 2)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for file in ("mine", "Mine"):
            (tmp_path / name / f"{file}.yaml").write_text(
                f"class_path: sdae.data.LocalArrays\ninit_args: {{path: {tmp_path}/own.npz}}\n"
            )
    for files, said in (
        (["a/mine", "b/mine"], "small/mine/MLP-1 occurs twice; name its problem and its method once; of two files"),
        (["a/mine", "a/Mine"], "small/mine/MLP-1 and small/Mine/MLP-1 have one folder, mine/mlp-1; rename a file"),
    ):
        problems = [f"{tmp_path}/{file}.yaml" for file in files]
        with pytest.raises(SdaeError, match=said):
            of(settings={}, studies=[{"problems": problems, "methods": ["mlp-1"]}])


def test_labels_and_their_draws_are_axes_and_leave_pretraining_as_it_is(of):
    few = {
        "nHUnit": [5],
        "lRate": [0.1],
        "nEpoq": [5],
        "lRateSup": [0.1],
        "ν": [0.1],
        "labels": [20, 50],
        "draw": [1, 2],
    }
    studies = of(space=few, studies=[{"problems": ["rect"], "methods": ["sdae-3"], "each": ["labels", "draw"]}])
    assert [study.name.removeprefix("small/rect/SDAE-3/") for study in studies] == [
        f"labels={n}/draw={draw}" for n in (20, 50) for draw in (1, 2)
    ]
    configs = [study.trial_config(grid(study.axes)[0], 0) for study in studies]
    assert [config["data"]["init_args"]["labels"] for config in configs] == [20, 20, 50, 50]
    assert [config["data"]["init_args"]["labels_seed"] for config in configs] == [1, 2, 1, 2]
    assert len({str(config["pretraining"]) for config in configs}) == 1
    problem = build(configs[2]).problem
    assert (problem.labels, problem.labels_seed) == (50, 1)
    for data in ({"labels": 3}, {"init_args": {"labels": 3}}):
        with pytest.raises(SdaeError, match=r"settings.data.labels: is searched, as labels"):
            of(space=few, settings={"data": data})


def test_the_few_labels_sweep_is_five_draws_of_five_numbers_for_four_methods():
    studies = shipped_studies(shipped("sweeps") / "few-labels.yaml")
    assert len(studies) == 4 * 5 * 5
    assert {study.trials for study in studies} == {1}


def test_the_number_of_layers_leaves_the_name_where_it_is_searched(of):
    [study] = of(space={"nHLay": [1, 2, 3]})
    assert study.name == "small/rect/SDAE"


def test_there_are_no_more_trials_than_cells(of):
    few = {"nHUnit": [5], "lRate": [0.1], "nEpoq": [5, 10], "lRateSup": [0.1], "ν": [0.1, 0.4]}
    [study] = of(space=few, trials=50)
    assert study.trials == 4


def test_a_trials_configuration_is_a_fits(of):
    [study] = of(settings={"pretraining": {"weight_decay": 0.0001}, "data": {"train_size": 200}})
    params = {"nHUnit": 2000, "lRate": 0.005, "lRateSup": 0.1, "nEpoq": 50, "ν": 0.4}
    config = study.trial_config(params, 7)
    built = build(config)
    assert built.config == config
    assert built.pretraining.weight_decay == 0.0001
    assert built.pretraining.learning_rate == 0.005
    assert built.fine_tuning.learning_rate == 0.1
    assert built.classifier.n_units == [2000, 2000, 2000]
    assert built.problem.train_size == 200
    tracking = built.tracking
    assert (tracking.group, tracking.job_type, tracking.name) == ("small/rect/SDAE-3", "trial", "trial-0007")
    assert study.config["model"]["n_units"] == 1000  # the study's own is left as it is


@pytest.mark.parametrize(
    ("changes", "said"),
    {
        "problem": ({"studies": [{"problems": ["rectt"], "methods": ["mlp-1"]}]}, "problems: rectt: unknown"),
        "method": ({"studies": [{"problems": ["rect"], "methods": ["mlp-9"]}]}, "methods: mlp-9: unknown"),
        "hyperparameter": ({"space": {"nHunit": [3]}}, "space.nHunit: no such key"),
        "key": ({"trails": 3}, "trails: no such key"),
        "empty space": ({"space": {"lRate": []}}, "space.lRate: empty"),
        "value": ({"space": {"lRate": [-1.0]}}, "a positive number"),
        "type": ({"space": {"nHUnit": ["many"]}}, "space.nHUnit: a whole number, not"),
        "setting": ({"settings": {"pretraining": {"epochz": 3}}}, "settings.pretraining.epochz: no such key"),
        "section": (
            {"settings": {"pretraning": {"epochs": 3}}},
            "settings.pretraning.epochs: no such key; did you mean pretraining.epochs?",
        ),
        "data": ({"settings": {"data": {"size": 3}}}, "settings.data.size: no such key"),
        "no section": ({"settings": {"data": "rect"}}, "settings.data: a section of keys and values, not rect"),
        "searched": ({"settings": {"pretraining": {"epochs": 3}}}, "is searched, as nEpoq"),
        "run": ({"model": {"n_units": 3}}, "describes a run, not a sweep: model belongs into settings"),
        "problem's file": ({"class_path": "sdae.data.Rect"}, "describes a problem, not a sweep"),
        "no classes": ({"studies": [{"problems": ["natural-patches"], "methods": ["sae-1"]}]}, "has no classes"),
        "nothing": ({"studies": []}, "studies: empty"),
        "each": ({"studies": [{"problems": ["rect"], "methods": ["mlp-1"], "each": ["nu"]}]}, "each: nu is no"),
        "list": ({"sampler": "list"}, "given"),
        "given": ({"sampler": "grid", "given": [{"nHUnit": 1000}]}, "given: with sampler: list, or tpe"),
        "given value": ({"given": [{"nHUnit": 7}]}, "nHUnit 7 is not considered"),
        "unused": (
            {"studies": [{"problems": ["rect"], "methods": ["mlp-1"], "space": {"lRate": [0.1]}}]},
            "space.lRate: none of mlp-1 has it; leave it out",
        ),
        "draw": (
            {"studies": [{"problems": ["rect"], "methods": ["mlp-1"], "space": {"draw": [1, 2]}}]},
            "space.draw: of the labels; give space.labels, too",
        ),
        "labels": ({"space": {"labels": [100, 5000]}}, "space.labels, for sdae-3: data.labels: rect has 1000 training"),
        "no labels": ({"space": {"labels": [-3]}}, "data.labels: at least one example, not -3"),
        "each twice": (
            {"studies": [{"problems": ["rect"], "methods": ["mlp-1"], "each": ["nHUnit", "nHUnit"]}]},
            "each: nHUnit is named twice",
        ),
        "part's trials": ({"studies": [{**SMALL["studies"][0], "trials": 0}]}, "studies.trials: at least 1"),
        "trials": ({"trials": 0}, "trials: at least 1"),
    }.values(),
)
def test_what_cannot_be_used_is_said_in_one_line(of, changes, said):
    with pytest.raises(SdaeError) as error:
        of(**changes)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_a_method_may_have_its_own_number_of_units_for_each_layer(of, tmp_path):
    (tmp_path / "mine.yaml").write_text("model: {n_layers: 2, n_units: [30, 20]}\npretraining: {layer: none}\n")
    space = {"lRateSup": [0.1]}
    [plan] = of(space=space, studies=[{"problems": ["rect"], "methods": [str(tmp_path / "mine.yaml")]}])
    assert plan.config["model"]["n_units"] == [30, 20]


def test_the_two_emphases_are_one_study(of):
    with pytest.raises(SdaeError, match="occurs twice"):
        of(studies=[{"problems": ["rect"], "methods": ["sdae-3-double", "sdae-3-full"]}])
