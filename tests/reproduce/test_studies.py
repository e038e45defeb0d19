"""Which studies a table or figure has, what they begin with, and that a sweep plans them as they are."""

import pytest

from asked import asked, named
from sdae.paper.published import published
from sdae.reproduce.jobs import StudyJob
from sdae.reproduce.scale import Scale
from sdae.reproduce.steps import part_of
from sdae.reproduce.studies import studies_of
from sdae.settings.table2 import TABLE_2
from sdae.sweeps import fitting as trials
from sdae.sweeps.plan import plan
from sdae.sweeps.space import Space
from sdae.sweeps.sweep_file import Part, Sweep


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


def test_a_scaled_down_version_has_its_own_space_and_only_the_known_cells_that_are_in_it():
    scale = Scale(Space(nHUnit=[10, 1000], lRate=[0.05], nEpoq=[100]), {"fine_tuning": {"max_epochs": 4}}, trials=3)
    jobs = {job.key: job for job in asked("table3", scale, problems=["rect"])}
    job, mlp = jobs["rect/SDAE-3"], jobs["rect/MLP-3"]
    assert job.axes["nHUnit"] == [10, 1000]
    assert len(job.given) == 2
    assert job.trials == 3
    assert mlp.settings["fine_tuning"] == {"patience": 50, "max_epochs": 4}
    assert asked("table3", Scale(Space(nHUnit=[10, 20])), problems=["rect"], methods=["sdae-3"])[0].given == []


def test_an_emphasis_may_be_a_curves_axis():
    sweep = Sweep([Part(["rect"], ["sdae-3-double"], each=["ν", "emphasis"])], space=Space(ν=[0.25]))
    jobs = studies_of(sweep, Scale(), curve="figure11")
    keys = [job.key.rpartition("/")[2] for job in jobs]
    assert keys == ["emphasis=double", "emphasis=full"]
    assert [job.shown.partition(", ")[2] for job in jobs] == [f"ν 0.25, {key.replace('=', ' ')}" for key in keys]
