"""Decimal numbers in text, decoded many at a time to what ``float`` makes of each."""

import io

import numpy as np
import pytest

from sdae.data.icml2007 import amat
from sdae.data.icml2007.amat import parse_amat, read_amat
from sdae.errors import SdaeError

RANDOM = np.random.default_rng(0)
FORMS = ["{:16.7e}", "{:.7g} ", "{:.6f} ", "{:g} ", " {:.0f}", "{:.14e} ", "{:.17g} ", "{:.18e} ", "{:24.4f}"]
KINDS = {
    "grey": RANDOM.integers(0, 256, (30, 7)) / 256,
    "binary": RANDOM.integers(0, 2, (30, 7)),
    "signed": RANDOM.standard_normal((30, 7)),
    "far": RANDOM.standard_normal((30, 7)) * 10.0 ** RANDOM.integers(-12, 12, (30, 7)),
}


def text(x: np.ndarray, form: str) -> bytes:
    return "".join("".join(form.format(value) for value in row) + "\n" for row in x).encode()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_number_is_what_float_makes_of_it(form, kind):
    lines = text(KINDS[kind], form)
    expected = [[float(word) for word in line.split()] for line in lines.splitlines()]
    np.testing.assert_array_equal(parse_amat(lines, "x", 0, 7), expected)


def test_the_form_of_the_originals_needs_no_second_way(monkeypatch):
    monkeypatch.setattr(amat, "_by_numpy", None)
    for form in ("{:16.7e}", "{:.7g} ", "{:g} "):
        parse_amat(text(KINDS["grey"], form), "x", 0, 7)


@pytest.mark.parametrize("bad", [b"0.1x", b"1:5", b"0/5", b"--1", b"1e", b"nan0", b"1.2.3", b"1e+0a"])
@pytest.mark.parametrize("form", ["{:16.7e}", "{:.3f} "])
def test_text_in_a_row_is_named(form, bad):
    lines = text(KINDS["grey"], form).splitlines()
    words = lines[4].split()
    words[2] = bad.rjust(len(words[2]), b"0")
    lines[4] = b"".join(word.rjust(16) for word in words) if "e" in form else b" ".join(words)
    with pytest.raises(SdaeError, match="x: row 105 holds text"):
        parse_amat(b"\n".join(lines) + b"\n", "x", 100, 7)


@pytest.mark.parametrize("form", ["{:16.7e}", "{:.3f} "])
@pytest.mark.parametrize("cut", [1, -1])
def test_a_row_of_another_length_is_named(form, cut):
    lines = text(KINDS["grey"], form).splitlines()
    lines[4] = b" ".join(lines[4].split()[:cut]) if cut < 0 else lines[4] + b" 1.0"
    with pytest.raises(SdaeError, match=f"x: row 5 has {7 + cut} numbers, expected 7"):
        parse_amat(b"\n".join(lines) + b"\n", "x", 0, 7)


@pytest.mark.parametrize("chunk", [100, 1000, 1 << 19])
@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_a_file_is_read_in_chunks_whatever_its_end(monkeypatch, chunk, end):
    monkeypatch.setattr(amat, "CHUNK", chunk)
    rows = np.column_stack((KINDS["grey"], np.arange(30) % 3))
    content = text(rows, "{:16.7e}").rstrip() + end.encode()
    x, t = read_amat(io.BytesIO(content), len(content), "x", 30, 8, 3)
    np.testing.assert_array_equal(x, KINDS["grey"].astype(np.float32))
    np.testing.assert_array_equal(t, np.arange(30) % 3)


@pytest.mark.parametrize("bad", [-1, 0.5, 3, 256, np.nan])
def test_a_class_that_is_none_is_named(bad):
    rows = np.column_stack((KINDS["grey"], np.arange(30) % 3.0))
    rows[6, -1] = bad
    content = text(rows, "{:g} ")
    with pytest.raises(SdaeError, match="x: row 7 ends with .*, not a class"):
        read_amat(io.BytesIO(content), len(content), "x", 30, 8, 3)


@pytest.mark.parametrize(
    ("bad", "scale"), [(-0.01, None), (1.01, None), (255, None), (np.nan, None), (2, 1.0), (255, 1.0)]
)
def test_a_component_that_is_none_is_named(bad, scale):
    rows = np.column_stack((KINDS["binary"], np.arange(30) % 3.0))
    rows[6, 2] = bad
    content = text(rows, "{:g} ")
    with pytest.raises(SdaeError, match="x: row 7 holds a value outside 0 to 1"):
        read_amat(io.BytesIO(content), len(content), "x", 30, 8, 3, scale)
