"""When trials are beaten, their weights are dropped."""

from sdae.runs.folder import RunFolder
from sdae.sweeps.final_test import drop_weights
from stored import store


def test_only_the_chosen_trial_keeps_its_weights(tmp_path):
    [study] = store(tmp_path / "mine", over=False)
    folders = [RunFolder(tmp_path / "mine" / trial.user_attrs["folder"]) for trial in study.trials()]
    for folder in folders:
        folder.path.mkdir(parents=True)
        folder.best.touch()
        folder.config.touch()
        folder.commits.touch()
    drop_weights(study, tmp_path / "mine")
    assert [folder.best.exists() for folder in folders] == [True, False]
    assert [folder.commits.exists() for folder in folders] == [True, False]  # another code may train it again
    assert all(folder.config.exists() for folder in folders)
