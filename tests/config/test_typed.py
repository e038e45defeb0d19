"""Typed objects of YAML files, with errors that name the file and the key."""

from dataclasses import dataclass
from typing import Literal

import pytest

from sdae.config.typed import read_as
from sdae.errors import SdaeError


@dataclass
class Search:
    trials: int
    hours: float | None = None
    kind: Literal["grid", "random"] | Literal[7] = "grid"
    wandb: Literal["auto", "off"] = "auto"

    def __post_init__(self) -> None:
        if self.trials < 1:
            raise SdaeError(f"trials: at least 1, not {self.trials}")


@pytest.fixture
def read(tmp_path):
    def read(text: str) -> Search:
        (tmp_path / "s.yaml").write_text(text)
        return read_as(Search, tmp_path / "s.yaml")

    return read


def test_an_object_has_the_files_values(read):
    assert read("trials: 3\nhours: 1e-1\n") == Search(3, 0.1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("trials: 0\n", "trials: at least 1, not 0"),
        ("trials: many\n", "trials: a whole number, not many"),
        ("trials: 1\nhour: 2\n", "hour: no such key"),
        ("hours: 2\n", "trials"),
        ("trials: 1\nwandb: off\n", 'wandb: auto or off, not False; write "off" in quotes: YAML reads off as False'),
        ("trials: 1\nkind: tree\n", "kind: grid, random or 7, not tree"),
    ],
)
def test_an_error_names_file_and_key(read, text, message):
    with pytest.raises(SdaeError) as error:
        read(text)
    assert f"s.yaml: {message}" in str(error.value)
    assert "\n" not in str(error.value)
