"""``test`` and ``validate`` on a finished run."""

from sdae.formatting import percent


def test_test_prints_the_error_of_the_result(door, fitted):
    result = fitted.result
    answer = door("test", "--run", fitted.folder)
    assert answer.returncode == 0
    assert percent(result["test_error"], result["test_interval"]) in answer.stdout
    assert "generated" in answer.stdout


def test_validate_prints_the_error_of_the_result(door, fitted):
    answer = door("validate", "--run", fitted.folder)
    assert answer.returncode == 0
    assert f"{100 * fitted.result['valid_error']:.2f} ± " in answer.stdout


def test_the_weights_before_fine_tuning_can_be_tested(door, fitted):
    before, after = (door("validate", "--run", fitted.folder, "--weights", w).stdout for w in ("pretrained", "best"))
    assert "pretrained" in before
    assert before.splitlines()[-1].split()[2] != after.splitlines()[-1].split()[2]


def test_looking_at_a_run_changes_nothing_in_it(door, fitted):
    def state():
        return {path.name: path.stat().st_mtime_ns for path in fitted.folder.iterdir()}

    before = state()
    for command in ("test", "validate"):
        assert door(command, "--run", fitted.folder).returncode == 0
    assert state() == before
