"""A run's folder opened as a trained model, or refused."""

import pytest
import yaml

from sdae.config.runs import kept_config, load
from sdae.errors import SdaeError
from sdae.runs.folder import RunFolder


def test_a_folder_without_a_run_is_refused(tmp_path):
    with pytest.raises(SdaeError, match="holds no run .no config.yaml.; make one with fit"):
        load(tmp_path)


@pytest.mark.parametrize("text", ["- 1\n", "data: rect\n", "model: {}\n"])
def test_what_is_no_configuration_of_a_run_is_refused(tmp_path, text):
    folder = RunFolder(tmp_path)
    folder.config.write_text(text)
    with pytest.raises(SdaeError, match="config.yaml: is not the configuration of a run"):
        kept_config(folder)


def test_a_configuration_is_read_back(tmp_path):
    folder = RunFolder(tmp_path)
    whole = {"data": {"class_path": "sdae.data.Rect"}, "model": {}, "pretraining": {}, "fine_tuning": {}}
    folder.config.write_text(yaml.safe_dump(whole))
    assert kept_config(folder) == whole
    folder.config.write_text(yaml.safe_dump({key: value for key, value in whole.items() if key != "pretraining"}))
    with pytest.raises(SdaeError, match="config.yaml: is incomplete: pretraining is missing; restore the file"):
        kept_config(folder)
