"""The tests mirror the source: each module has a test of its name, in the folder of its package."""

from pathlib import Path

TOP = Path(__file__).parents[1]
ELSEWHERE = {  # modules whose tests have another name, each with the reason
    "cli/svm_input.py": "tests/cli/test_svm.py runs the command",
    "cli/run_reproduce.py": "tests/cli/test_reproduce.py runs the command",
    "cli/run_sweep.py": "tests/cli/test_sweep.py runs the command",
    "cli/training.py": "what its commands share: tests/cli/test_resume.py, test_folds.py and test_errors.py",
    "evaluation/trained.py": "tests/test_api.py asks a trained model all that there is to ask",
    "functional/online/kernels/arithmetic.py": "tests/functional/online/test_blocks.py compares it with plain steps",
    "functional/online/kernels/classifier.py": "tests/functional/online/test_blocks.py compares it with the plain step",
    "functional/online/kernels/machine.py": "tests/functional/online/test_blocks.py compares it with the plain step",
    "functional/online/kernels/sweeps.py": "tests/functional/online/test_blocks.py compares it with the plain step",
    "functional/online/kernels/tied.py": "tests/functional/online/test_blocks.py compares it with the plain step",
    "functional/online/kernels/untied.py": "tests/functional/online/test_blocks.py compares it with the plain step",
    "tracking/options.py": "tests/tracking/test_tracking.py and tests/tracking/test_wandb_run.py resolve them",
    "report/content.py": "plain dataclasses, without a function",
    "reproduce/jobs.py": "plain dataclasses, without a function",
    "sweeps/trial.py": "tests/sweeps/test_worker.py ends trials in every way, tests/sweeps/test_kills.py kills them",
}


def without_test() -> set[str]:
    source = TOP / "src" / "sdae"
    modules = [path.relative_to(source) for path in source.rglob("*.py") if path.name != "__init__.py"]
    return {path.as_posix() for path in modules if not (TOP / "tests" / path.parent / f"test_{path.name}").is_file()}


def test_each_module_has_a_test_of_its_name():
    assert sorted(without_test() - ELSEWHERE.keys()) == []


def test_the_exceptions_are_still_needed():
    assert sorted(ELSEWHERE.keys() - without_test()) == []


def test_the_tests_named_instead_are_there():
    named = {word.rstrip(",") for reason in ELSEWHERE.values() for word in reason.split() if word.startswith("tests/")}
    assert [path for path in sorted(named) if not (TOP / path).is_file()] == []
