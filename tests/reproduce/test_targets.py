"""What each table and figure consists of, and what its studies begin with."""

import pytest

from asked import asked, named
from sdae.errors import SdaeError
from sdae.paper.layout import MODELS, ROWS
from sdae.reproduce.jobs import FitJob, LayersJob, PictureJob
from sdae.reproduce.targets import TARGETS


@pytest.mark.parametrize("table", ["table3", "table4"])
def test_a_table_has_a_job_for_each_of_its_cells(table):
    cells = {
        f"{problem}/{model.replace(' masking', '', model == 'SDAE-3 masking')}"
        for problem in ROWS[table]
        for model in MODELS[table]
    }
    assert set(named(table)) == cells


def test_table_5_asks_a_stack_of_1000_units_of_each_problem():
    jobs = named("table5")
    layers = [job for job in jobs.values() if isinstance(job, LayersJob)]
    assert len(layers) == 10
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


@pytest.mark.parametrize(
    ("target", "only", "said"),
    [
        ("table6", {}, "table6: no such target; choose one of table3, "),
        ("table3", {"problems": ["rectt"]}, "problems rectt: no such problem; choose among rect, basic"),
        ("table3", {"methods": ["sdae-9"]}, "methods sdae-9: not one of table3's; choose among dbn-1, "),
        ("figure8", {"problems": ["rect"]}, "figure8 has none of these together"),
    ],
)
def test_what_is_not_there_is_said_in_one_line(target, only, said):
    with pytest.raises(SdaeError) as error:
        asked(target, **only)
    assert said in str(error.value)
