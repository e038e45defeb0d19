"""A plan as commands and sweep files."""

import pytest
import yaml

from asked import COSTS, asked, named
from sdae.errors import SdaeError
from sdae.reproduce.plan import make_plan
from sdae.reproduce.steps import Step, command, steps_of, sweep_file, write_sweep


def steps(target, done=None, budget=None, **only):
    return steps_of(make_plan(asked(target, **only), done or {}, COSTS, budget, None))


def test_the_studies_of_a_problem_are_one_sweep(tmp_path):
    svm, sweep = steps("table3", problems=["rect"])
    assert (svm.sweep, len(svm.jobs)) == (None, 1)
    assert (sweep.sweep, len(sweep.jobs)) == ("reproduce-rect", 5)
    assert steps("table3", {"rect/SVM-rbf": None}, problems=["rect"])[0].sweep == "reproduce-rect"
    assert steps("table3", budget=0.001) == []


def test_a_stack_comes_just_before_the_svms_on_it(tmp_path):
    keys = [step.jobs[0].key for step in steps("table5", problems=["rect"])]
    assert keys == ["rect/SDAE-3/nHUnit=1000", "rect/SVM on layers"]


def test_a_sweep_file_gains_trials_and_never_loses_any(tmp_path):
    [job] = asked("table3", problems=["rect"], methods=["sdae-3"])
    for trials, wanted in ((10, 10), (25, 25), (2, 25)):
        file = write_sweep(tmp_path, Step((job,), {job.key: trials}), 60)
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        [part] = content["studies"]
        assert part["trials"] == wanted
    assert file == sweep_file(tmp_path, "reproduce-rect")
    assert part["problems"] == ["rect"]
    assert part["given"][0]["ν"] == 0.1
    assert "&" not in file.read_text(encoding="utf-8").partition("\n")[2]  # no references from one part to another
    [other] = asked("table3", problems=["rect"], methods=["mlp-3"])
    write_sweep(tmp_path, Step((other,), {other.key: 4}), 60)
    assert len(yaml.safe_load(file.read_text(encoding="utf-8"))["studies"]) == 2
    before = file.stat().st_mtime_ns
    write_sweep(tmp_path, Step((other,), {other.key: 4}), 60)
    assert file.stat().st_mtime_ns == before


NO_TRIALS = "studies: [{problems: [rect], methods: [sdae-3], each: [], space: {}}]"


@pytest.mark.parametrize("text", ["", "studies: [{trials: 3}]", "studies: {", "- 1", NO_TRIALS])
def test_a_file_of_another_kind_is_refused(tmp_path, text):
    [job] = asked("table3", problems=["rect"], methods=["sdae-3"])
    (tmp_path / "reproduce-rect.yaml").write_text(text)
    with pytest.raises(SdaeError, match=r"reproduce-rect.yaml: is not a sweep file that reproduce wrote"):
        write_sweep(tmp_path, Step((job,), {job.key: 1}), 60)


def test_every_kind_of_job_has_its_command(tmp_path):
    jobs = (
        named("table3", problems=["rect"]) | named("figure15") | named("figure8") | named("table5", problems=["rect"])
    )

    def said(key, workers=None, stack=None, settings=None):
        line = command(Step((jobs[key],), {key: 1}), tmp_path, workers, settings or {}, stack)
        return line.replace(str(tmp_path), "HERE")

    assert said("rect/SDAE-3", 2).endswith(
        "sweep --config HERE/reproduce-rect.yaml --folder HERE/reproduce-rect --workers 2"
    )
    assert said("rect/SVM-rbf").endswith("svm --data rect --kernels rbf --output HERE/reproduce-rect-svm")
    assert said("rect/SVM on layers").endswith("svm --run CHOSEN-SDAE-3")
    assert said("rect/SVM on layers", stack=tmp_path / "a").endswith("svm --run HERE/a")
    fit = said("figure8/0.25", settings={"data": {"source": "generated"}, "fine_tuning": {"patience": 3}})
    assert "fit --config conf/experiment/figure8.yaml --pretraining.noise_level 0.25" in fit
    assert fit.endswith("--data.source generated --run HERE/figure8-nu-0.25")
    assert said("figure15").endswith("--judged 2000 --output HERE/figure15.png")
    assert "--units 14 446" in said("figure8-units")
    assert "if no other study chose one" in said("rect/SDAE-3/nHUnit=1000")
