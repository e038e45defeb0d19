"""A JSON file is read, or named in one line."""

import pytest

from sdae.errors import SdaeError
from sdae.json_file import read_json


def test_what_it_holds(tmp_path):
    file = tmp_path / "one.json"
    file.write_text('{"ν": [0.1, null]}', encoding="utf-8")
    assert read_json(file) == {"ν": [0.1, None]}


@pytest.mark.parametrize("content", [None, b'{"half": [1,', b"\xff\xfe"])
def test_missing_or_damaged_it_is_named(tmp_path, content):
    file = tmp_path / "one.json"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SdaeError, match=r"one\.json: cannot be read \(.+\); remove it$"):
        read_json(file, "; remove it")
