"""What each table and figure consists of, and what its studies begin with."""

import pytest

from asked import asked, named
from sdae.errors import SdaeError
from sdae.paper.layout import MODELS, ROWS
from sdae.paper.published import published
from sdae.reproduce.jobs import FitJob, LayersJob, PictureJob, StudyJob
from sdae.reproduce.steps import part_of
from sdae.reproduce.targets import TARGETS, Scale
from sdae.settings.table2 import TABLE_2
from sdae.sweeps import fitting as trials
from sdae.sweeps.plan import plan
from sdae.sweeps.space import Space
from sdae.sweeps.sweep_file import Part, Sweep


@pytest.mark.parametrize("table", ["table3", "table4"])
def test_a_table_has_a_job_for_each_of_its_cells(table):
    cells = {
        f"{problem}/{model.replace(' masking', '', model == 'SDAE-3 masking')}"
        for problem in ROWS[table]
        for model in MODELS[table]
    }
    assert set(named(table)) == cells


def test_table_5_asks_a_stack_of_1000_units_of_each_problem_but_the_folds():
    jobs = named("table5")
    layers = [job for job in jobs.values() if isinstance(job, LayersJob)]
    assert len(layers) == 9
    assert {job.stack.key for job in layers} == {f"{job.problem}/SDAE-3/nHUnit=1000" for job in layers}
    assert all(job.stack.axes["nHUnit"] == [1000] for job in layers)
    assert set(named("figure13")) < set(jobs)


@pytest.mark.parametrize("target", [name for name in TARGETS if name.startswith("figure")])
def test_every_figure_has_jobs_that_can_be_shown(target):
    jobs = asked(target)
    assert len({job.key for job in jobs}) == len(jobs)
    fits = {job.folder for job in jobs if isinstance(job, FitJob)}
    for job in jobs:
        if isinstance(job, PictureJob):
            assert set(job.runs) <= fits
    counts = {"figure10": 27, "figure11": 30, "figure12": 30, "figure8": 7}
    assert len(jobs) == counts.get(target, len(jobs))


def test_all_has_each_job_once_and_a_stack_before_its_svms():
    jobs = asked("all")
    keys = [job.key for job in jobs]
    assert len(set(keys)) == len(keys)
    assert {job.key for job in asked("table3")} | {job.key for job in asked("figure12")} <= set(keys)
    [stack] = [job for job in jobs if job.key == "bg-img-rot/SDAE-3/nHUnit=1000"]
    assert stack.method == "svm"
    assert keys.index(stack.key) < keys.index("bg-img-rot/SVM on layers")


def test_a_study_begins_with_the_papers_noise_and_our_rates():
    jobs = named("table3", problems=["rect", "rot"])
    rect, rot, mlp = (jobs[key] for key in ("rect/SDAE-3", "rot/SDAE-3", "rect/MLP-3"))
    assert isinstance(rect, StudyJob) and isinstance(rot, StudyJob) and isinstance(mlp, StudyJob)
    assert rect.given[0] == {"nHUnit": 1000, "lRate": 0.05, "lRateSup": 0.02, "nEpoq": 100, "ν": 0.1}
    assert [cell["lRateSup"] for cell in rect.given] == [0.02, 0.005]
    assert {cell["ν"] for cell in rot.given} == {0.25}
    assert published("rot", "SDAE-3").noise_level == "25%"
    assert set(TABLE_2["lRate"]) <= set(rect.axes["lRate"])
    assert mlp.settings == {"fine_tuning": {"patience": 50}}
    [gaussian] = asked("table4", problems=["rot"], methods=["sdae-3-gaussian"])
    assert {cell["σ"] for cell in gaussian.given} == {0.3}
    [folds] = asked("table3", problems=["tzanetakis"], methods=["sdae-3"])
    assert folds.model == "SDAE-3"
    assert {cell["σ"] for cell in folds.given} == {0.05}


@pytest.mark.parametrize("target", ["table3", "table4", "table5", "figure10", "figure11", "figure12"])
def test_every_study_can_be_planned_by_the_sweep_command(target):
    jobs = [
        job for job in asked(target) if isinstance(job, StudyJob) and job.problem in ("rect", "basic", "bg-img-rot")
    ]
    for job in jobs[::5]:
        [study] = plan(
            Sweep([Part(**{**part_of(job, 7), "space": Space(**job.space)})]), job.sweep, trials.resolve, trials.folds
        )
        assert (study.problem, study.method, study.point) == (job.problem, job.model, job.point)
        assert study.axes == job.axes
        assert study.given == job.given
        assert study.trials == min(7, job.trials)


def test_a_rehearsal_has_its_own_space_and_only_the_known_cells_that_are_in_it():
    scale = Scale(Space(nHUnit=[10, 1000], lRate=[0.05], nEpoq=[100]), {"fine_tuning": {"max_epochs": 4}}, trials=3)
    jobs = {job.key: job for job in asked("table3", scale, problems=["rect"])}
    job, mlp = jobs["rect/SDAE-3"], jobs["rect/MLP-3"]
    assert job.axes["nHUnit"] == [10, 1000]
    assert len(job.given) == 2
    assert job.trials == 3
    assert mlp.settings["fine_tuning"] == {"patience": 50, "max_epochs": 4}
    assert asked("table3", Scale(Space(nHUnit=[10, 20])), problems=["rect"], methods=["sdae-3"])[0].given == []


@pytest.mark.parametrize(
    ("target", "only", "said"),
    [
        ("table6", {}, "table6: no such target; choose one of table3, "),
        ("table3", {"problems": ["rectt"]}, "problems rectt: no such problem; choose among rect, basic"),
        ("table3", {"methods": ["sdae-9"]}, "methods sdae-9: none of table3's; choose among dbn-1, "),
        ("figure8", {"problems": ["rect"]}, "figure8 has none of these together"),
    ],
)
def test_what_is_not_there_is_said_in_one_line(target, only, said):
    with pytest.raises(SdaeError) as error:
        asked(target, **only)
    assert said in str(error.value)
