"""YAML read strictly."""

import pytest

from sdae.config.names import load_yaml
from sdae.config.yaml_files import parse_yaml, read_yaml
from sdae.errors import SdaeError
from sdae.sweeps.sweep_file import read_sweep


@pytest.mark.parametrize(
    ("text", "key", "lines"),
    [
        ("a: 1\nb: 2\na: 3\n", "a", "1 and 3"),
        ("space:\n  ν: [0.1]\n  nHUnit: [3]\n  ν: [0.2]\n", "space.ν", "2 and 4"),
        (
            "studies:\n- {problems: [rect], methods: [a]}\n- problems: [rect]\n  problems: [basic]\n",
            "studies.problems",
            "3 and 4",
        ),
        ("a: {b: {c: 1, c: 1}}\n", "a.b.c", "1 and 1"),
    ],
)
def test_a_key_given_twice_is_refused_at_any_depth_with_the_file_and_both_lines(tmp_path, text, key, lines):
    file = tmp_path / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    said = f"mine.yaml: the key {key} is given twice, in lines {lines}"
    for read in (read_yaml, read_sweep):
        with pytest.raises(SdaeError) as error:
            read(file)
        assert said in str(error.value)
    with pytest.raises(SdaeError, match=f"^the key {key} is given twice"):
        load_yaml(text)


def test_the_same_key_in_two_places_is_no_repetition():
    assert parse_yaml("a: {c: 1}\nb: {c: 2}\n") == {"a": {"c": 1}, "b": {"c": 2}}
    assert parse_yaml("a: &x {c: 1}\nb: *x\n") == {"a": {"c": 1}, "b": {"c": 1}}


@pytest.mark.parametrize(
    ("content", "why"), [(b"a: [1\n", "expected"), (b"a: \xff\n", "UTF-8"), (None, "No such file")]
)
def test_a_file_that_cannot_be_read_is_named(tmp_path, content, why):
    file = tmp_path / "mine.yaml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SdaeError, match=f"mine.yaml: cannot be read .*{why}"):
        read_yaml(file)


def test_numbers_are_numbers():
    assert parse_yaml("5e-3") == 0.005
    assert parse_yaml("{a: 1e-5}") == {"a": 1e-5}
