"""What is done already, wherever it lies: a study in a storage or a kept one, SVMs, runs and pictures."""

from dataclasses import replace
from pathlib import Path

from asked import asked, named
from made import RESULT, answer, write_draws, write_folds, write_run, write_svm, write_sweep
from sdae.files import write_json
from sdae.reproduce.done import Progress
from sdae.reproduce.jobs import LayersJob
from sdae.results.scan import scan
from stored import store

STACK = "rect/SDAE-3/nHUnit=1000"
ON_LAYERS = "rect/SVM on layers"
ALL_LAYERS = [
    answer(layer, "pretrained" if layer else "input", 0.1, kernel) for layer in range(4) for kernel in ("linear", "rbf")
]


def done(target, folder, train_size=None, **only):
    return Progress(scan([folder]), folder, train_size).done(asked(target, **only))


def test_a_kept_study_counts_as_one_in_its_storage_does(tmp_path):
    write_sweep(tmp_path / "kept/search")
    store(tmp_path / "stored/search")
    for folder in ("kept", "stored"):
        there = done("table3", tmp_path / folder, problems=["rect"])
        assert {key for key, had in there.items() if had is None} == {"rect/SDAE-3"}


def test_a_study_and_its_kept_copy_count_once(tmp_path):
    store(tmp_path / "runs/search")
    [study] = scan([tmp_path]).studies
    (tmp_path / "results/search").mkdir(parents=True)
    write_json(tmp_path / "results/search/studies.json", [study.kept])
    assert done("table3", tmp_path, problems=["rect"])["rect/SDAE-3"] is None


def test_the_kept_results_of_this_repository_are_there():
    there = done("table3", Path(__file__).parents[2] / "results", problems=["rect", "mnist"])
    assert there["rect/SDAE-3"] is None
    assert there["rect/SVM-rbf"] is None
    assert there["mnist/SDAE-3"] is None


def test_own_data_of_the_same_name_do_not_count(tmp_path):
    store(tmp_path / "search")
    [study] = scan([tmp_path]).studies
    local = {**study.kept, "result": {**study.result, "run": {**study.run, "provenance": "local"}}}
    (tmp_path / "own/search").mkdir(parents=True)
    write_json(tmp_path / "own/search/studies.json", [local])
    write_svm(tmp_path / "own/svm", [answer(0, "input", 0.1, "rbf")], provenance="local")
    there = done("table3", tmp_path / "own", problems=["rect"])
    assert there["rect/SDAE-3"] == there["rect/SVM-rbf"] == 0


def test_a_study_of_another_sweep_without_a_result_does_not_count(tmp_path):
    write_sweep(tmp_path / "search", run=None)
    jobs = asked("table3", problems=["rect"], methods=["sdae-3"])
    progress = Progress(scan([tmp_path]), tmp_path)
    assert progress.done(jobs) == {"rect/SDAE-3": 0}
    assert progress.failed(jobs) == {}


def test_a_study_of_this_command_without_a_result_has_failed(tmp_path):
    write_sweep(tmp_path / "reproduce-rect", run=None, n=50)
    found = scan([tmp_path])
    jobs = asked("table3", problems=["rect"], methods=["sdae-3"])
    progress = Progress(found, tmp_path)
    assert progress.done(jobs) == {"rect/SDAE-3": None}
    assert progress.failed(jobs) == {"rect/SDAE-3": "all trials were pruned or failed"}
    [study] = found.studies
    found.studies = [replace(study, result={**study.result, "error": "its test failed: OSError: no"})]
    assert progress.failed(jobs) == {"rect/SDAE-3": "its test failed: OSError: no"}
    found.studies = [replace(study, result=None)]
    assert progress.failed(jobs) == {}
    found.studies = [study, replace(study, sweep="search", folder=tmp_path, result={**study.result, "run": RESULT})]
    assert progress.failed(jobs) == {}  # another study has one


def test_svms_on_the_network_of_a_failed_study_have_failed_too(tmp_path):
    jobs = asked("table5", problems=["rect"])
    write_sweep(tmp_path / "reproduce-rect", run=None, n=50, point={"nHUnit": 1000})
    progress = Progress(scan([tmp_path]), tmp_path)
    assert progress.failed(jobs) == {STACK: "all trials were pruned or failed", ON_LAYERS: f"{STACK} has none"}
    write_sweep(tmp_path / "search", point={"nHUnit": 1000})
    assert Progress(scan([tmp_path]), tmp_path).failed(jobs) == {}


def test_a_study_that_is_not_over_is_resumed(tmp_path):
    store(tmp_path / "reproduce-rect", over=False, done=1)
    found = scan([tmp_path])
    jobs = asked("table3", problems=["rect"], methods=["sdae-3"])
    assert Progress(found, tmp_path).done(jobs) == {"rect/SDAE-3": 1}
    assert Progress(found, tmp_path).begun(jobs) == {"rect/SDAE-3": 2}
    [elsewhere] = [replace(study, sweep="search") for study in found.studies]
    assert Progress(replace(found, studies=[elsewhere]), tmp_path).done(jobs) == {"rect/SDAE-3": 0}
    [job] = jobs
    over = replace(found, studies=[replace(found.studies[0], result={"chosen": None})])
    assert Progress(over, tmp_path).done(jobs) == {"rect/SDAE-3": 2}  # it may have more
    assert Progress(over, tmp_path).done([replace(job, trials=2)]) == {"rect/SDAE-3": None}


def test_a_study_of_fewer_examples_is_another(tmp_path):
    store(tmp_path / "search", train_size=200)
    assert done("table3", tmp_path, problems=["rect"])["rect/SDAE-3"] == 0
    assert done("table3", tmp_path, 200, problems=["rect"])["rect/SDAE-3"] is None


def test_a_study_of_few_labels_is_another(tmp_path):
    store(tmp_path / "stored/search", labels=100)
    write_draws(tmp_path / "kept/few-labels", {"SDAE-3": {100: [0.1, 0.2]}})
    jobs = asked("table3", problems=["rect"], methods=["sdae-3"])
    for folder in ("stored", "kept"):
        found = scan([tmp_path / folder])
        assert Progress(found, tmp_path).done(jobs) == {"rect/SDAE-3": 0}
        # Nor where the numbers of labels are searched by one study, which is at no point of them.
        found.studies = [replace(study, point={}, labels=[100, 300]) for study in found.studies[:1]]
        assert Progress(found, tmp_path).done(jobs) == {"rect/SDAE-3": 0}
    assert Progress(scan([tmp_path / "kept"]), tmp_path).begun(jobs) == {}


def test_a_cross_validation_counts_with_all_its_folds(tmp_path):
    store(tmp_path / "search", method="sdae-3-gaussian")
    [study] = scan([tmp_path]).studies
    jobs = asked("table3", problems=["tzanetakis"], methods=["sdae-3"])
    found = scan([])
    of = replace(study, problem="tzanetakis", method="SDAE-3")
    found.studies = [replace(of, fold=k) for k in range(9)]
    assert Progress(found, tmp_path).done(jobs) == {"tzanetakis/SDAE-3": 0}
    found.studies.append(replace(of, fold=9))
    assert Progress(found, tmp_path).done(jobs) == {"tzanetakis/SDAE-3": None}
    for provenance, n_done in (("stand-in", None), ("local", 0)):
        run = {**study.run, "provenance": provenance}
        there = [replace(fold, result={**study.result, "run": run}) for fold in found.studies]
        assert Progress(replace(found, studies=there), tmp_path).done(jobs) == {"tzanetakis/SDAE-3": n_done}


def test_the_stack_of_a_cross_validation_is_the_folder_of_its_folds(tmp_path):
    write_sweep(tmp_path / "search")
    write_folds(tmp_path / "search", range(10))
    found = scan([tmp_path])
    found.studies = [replace(study, point={"nHUnit": 1000}) for study in found.studies if study.fold is not None]
    [job] = [job for job in asked("table5", problems=["tzanetakis"]) if isinstance(job, LayersJob)]
    assert Progress(found, tmp_path).stack_run(job) == tmp_path / "search/tzanetakis/sdae-3"
    found.studies[7] = replace(found.studies[7], result=None)
    assert Progress(found, tmp_path).stack_run(job) is None


def test_a_point_of_a_figure_is_a_study_of_that_value_alone(tmp_path):
    store(tmp_path / "search", method="sdae-3")
    [study] = scan([tmp_path]).studies
    job = next(job for job in asked("figure12") if job.point and job.fixed)
    found = scan([])
    its = replace(study, problem=job.problem, method=job.model, point=job.point, axes={**study.axes, **job.fixed})
    found.studies = [its]
    assert Progress(found, tmp_path).done([job]) == {job.key: None}
    found.studies = [replace(its, point={})]
    assert Progress(found, tmp_path).done([job]) == {job.key: 0}
    axis = next(iter(job.fixed))
    found.studies = [replace(its, axes={**its.axes, axis: [1, 2, 3]})]
    assert Progress(found, tmp_path).done([job]) == {job.key: 0}


def test_a_point_of_a_curve_has_units_chosen_like_the_curves(tmp_path):
    store(tmp_path / "search", method="sdae-3")
    [study] = scan([tmp_path]).studies
    job = next(job for job in asked("figure11") if job.point)
    assert job.free == ("nHUnit",)
    found = scan([])
    its = replace(study, problem=job.problem, method=job.model, point=job.point, axes={**study.axes, **job.axes})
    found.studies = [its]
    assert Progress(found, tmp_path).done([job]) == {job.key: None}
    found.studies = [replace(its, axes={**its.axes, "nHUnit": [1000]})]
    assert Progress(found, tmp_path).done([job]) == {job.key: 0}


def test_table_5_wants_all_layers_of_1000_units_before_fine_tuning(tmp_path):
    def there(answers, **changes):
        folder = tmp_path / f"case{len(list(tmp_path.iterdir()))}"
        write_run(folder / "run", **changes)
        write_svm(folder / "run", answers)
        return done("table5", folder, problems=["rect"])[ON_LAYERS] is None

    assert there(ALL_LAYERS)
    assert not there(ALL_LAYERS[:-1])
    assert not there([{**one, "weights": "best"} for one in ALL_LAYERS])
    hyperparameters = RESULT["hyperparameters"]
    assert not there(ALL_LAYERS, hyperparameters={**hyperparameters, "n_units": 2000})
    assert there(ALL_LAYERS, hyperparameters={**hyperparameters, "n_units": [1000, 1000, 1000]})
    assert not there(ALL_LAYERS, method="SAE-3")


def test_table_5_asks_the_network_that_was_chosen_with_most_trials(tmp_path):
    store(tmp_path / "few", done=1)
    store(tmp_path / "search")
    found = scan([tmp_path])
    found.studies = [replace(study, budget=len(study.trials)) for study in found.studies]
    job = named("table5", problems=["rect"])[ON_LAYERS]
    assert Progress(found, tmp_path).stack_run(job) == tmp_path / "search/rect/sdae-3/trial-0000"
    assert Progress(scan([]), tmp_path).stack_run(job) is None
    assert done("table5", tmp_path, problems=["rect"])[STACK] is None  # a free study chose 1,000 units


def test_svms_on_the_raw_input(tmp_path):
    key = "rect/SVM-rbf"
    write_svm(tmp_path / "linear", [answer(0, "input", 0.1, "linear")])
    write_svm(tmp_path / "noisy", [answer(0, "input", 0.1, noise={"copies": 9, "level": 0.1, "corruption": "masking"})])
    assert done("table3", tmp_path, problems=["rect"])[key] == 0
    write_svm(tmp_path / "rbf", [answer(0, "input", 0.1)])
    assert done("table3", tmp_path, problems=["rect"])[key] is None


def test_pictures_and_their_networks_lie_where_they_are_written(tmp_path):
    key = "figure5/figure5-under-complete"
    assert done("figure5", tmp_path) == {key: 0, "figure5/figure5-over-complete": 0, "figure5": 0}
    write_run(tmp_path / "figure5-under-complete")
    (tmp_path / "figure5.png").touch()
    assert done("figure5", tmp_path) == {key: None, "figure5/figure5-over-complete": 0, "figure5": None}
