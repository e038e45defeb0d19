"""The W&B run of a trial that was killed and taken over: offline, read back from its file."""

import pytest

from sdae.sweeps.outcomes import RETRIES
from sdae.tracking.keys import epoch_axis
from sdae.tracking.metrics_file import read_metrics
from small_sweep import changed, study_of
from wandb_file import files_of, history, records


@pytest.mark.slow
def test_a_trial_killed_and_taken_over_has_every_epoch_once(sweep_file, sweep, environment, tmp_path):
    file = sweep_file(
        changed(
            space={"nHUnit": [100], "lRate": [0.005], "lRateSup": [0.005], "nEpoq": [5], "ν": [0.25]},
            settings={
                "data": {"source": "generated", "train_size": 200},
                "fine_tuning": {"max_epochs": 300, "patience": 300},
                "tracking": {"wandb": "offline"},
            },
        )
    )
    folder = tmp_path / "runs/small/rect/sdae-1/trial-0000"
    running = sweep("--config", file, "--workers", 1)

    def rows(stage):
        metrics = folder / "metrics.csv"
        return [row for row in read_metrics(metrics) if row[0].startswith(stage)] if metrics.exists() else []

    running.until(lambda: len(rows("fit/")) > 90)
    running.process.kill()
    running.process.wait()
    assert len(rows("fit/loss")) < 300
    url = f"sqlite:///{tmp_path / 'runs/small/study.db'}"
    sweep("--join", "--storage", url, "--workers", 1).ended()

    _, again = study_of(url).trials()
    assert again.system_attrs[RETRIES] == [0]
    assert again.user_attrs["wandb"] == (folder / "wandb_id").read_text().strip()
    killed, taken_over, tested = files_of(folder)
    assert killed.name == taken_over.name == tested.name  # one run, by its id
    for path, stages in {taken_over: ("pretrain/", "fit/"), tested: ("pretrain/", "fit/", "test/")}.items():
        told = history(records(path, environment))
        for key in {key for key, _, _ in rows(stages)}:
            axis = epoch_axis(key.rpartition("/")[0])
            epochs = [(item[axis] + 1, item[key]) for item in told if key in item]
            assert epochs == [(epoch, value) for name, epoch, value in rows(stages) if name == key]
            assert [epoch for epoch, _ in epochs] == list(range(1, len(epochs) + 1))
