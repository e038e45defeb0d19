"""The lab's zips of text: read row by row, split as in Table 1, refused where they are not what they should be."""

import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from sdae.data import Rect
from sdae.data.icml2007.problems import read_zip, unpacked
from sdae.data.registry import Sizes
from sdae.errors import SdaeError

SIZES = Sizes(5, 2, 4)
RANDOM = np.random.default_rng(0)
X, T = RANDOM.integers(0, 2, (11, 6)), RANDOM.integers(0, 2, 11)


def text(x: np.ndarray, t: np.ndarray, form: str = "{:.14e} ") -> str:
    return "".join(
        "".join(form.format(value) for value in (*row, label)) + "\n" for row, label in zip(x, t, strict=True)
    )


def pack(folder: Path, train: str, test: str) -> Path:
    path = folder / "toy.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("toy_train.amat", train)
        archive.writestr("toy_test.amat", test)
    return path


@pytest.mark.parametrize("form", ["{:.14e} ", "{:.6f} ", "  {:g}"], ids=["fixed", "decimal", "integers"])
def test_the_last_rows_of_the_first_file_validate(tmp_path, form):
    path = pack(tmp_path, text(X[:7], T[:7], form), text(X[7:], T[7:], form))
    arrays = read_zip(path, SIZES, 6, 2)
    np.testing.assert_array_equal(arrays.train_x / arrays.scale, X[:5])
    np.testing.assert_array_equal(arrays.valid_x / arrays.scale, X[5:7])
    np.testing.assert_array_equal(arrays.test_x / arrays.scale, X[7:])
    for t, expected in ((arrays.train_t, T[:5]), (arrays.valid_t, T[5:7]), (arrays.test_t, T[7:])):
        np.testing.assert_array_equal(t, expected)


@pytest.mark.parametrize("levels", [255, 256])
def test_grey_levels_are_kept_as_bytes(tmp_path, levels):
    grey = RANDOM.integers(0, 256, X.shape)
    path = pack(tmp_path, text(grey[:7] / levels, T[:7], "{:.7g} "), text(grey[7:] / levels, T[7:], "{:.7g} "))
    arrays = read_zip(path, SIZES, 6, 2)
    assert arrays.train_x.dtype == np.uint8
    assert arrays.scale == levels
    np.testing.assert_array_equal(arrays.test_x, grey[7:])


@pytest.mark.parametrize("where", ["train", "test"])
def test_one_number_that_is_no_grey_level_makes_all_of_them_floats(tmp_path, where):
    x = X / 4
    x[10 if where == "test" else 6, 5] = 0.1
    path = pack(tmp_path, text(x[:7], T[:7]), text(x[7:], T[7:]))
    arrays = read_zip(path, SIZES, 6, 2)
    assert arrays.scale == 1
    assert arrays.train_x.dtype == np.float32
    np.testing.assert_array_equal(np.concatenate((arrays.train_x, arrays.valid_x, arrays.test_x)), np.float32(x))


GOOD, TEST = text(X[:7], T[:7]), text(X[7:], T[7:])


@pytest.mark.parametrize(
    ("train", "test", "named"),
    [
        (GOOD.replace("\n", " 1\n", 1), TEST, "toy_train.amat: row 1 has 8 numbers, expected 7"),
        (GOOD, TEST.replace("\n", "x\n", 1), "toy_test.amat: row 1 holds text"),
        (GOOD, text(X[7:], T[7:] + 1), "toy_test.amat: row . ends with 2, not a class"),
        (GOOD + GOOD, TEST, "toy_train.amat: holds more than the expected 7 rows"),
        (GOOD, "".join(TEST.splitlines(keepends=True)[:3]), "toy_test.amat: holds 3 rows, expected 4"),
        (GOOD, "", "toy_test.amat: holds 0 rows"),
    ],
    ids=["long row", "text", "class", "more", "fewer", "empty"],
)
def test_text_that_is_not_as_it_should_be_is_named_by_file_and_row(tmp_path, train, test, named):
    with pytest.raises(SdaeError, match=f"toy.zip: {named}"):
        read_zip(pack(tmp_path, train, test), SIZES, 6, 2)


def test_images_stored_on_their_side_are_turned_upright(tmp_path):
    x = np.arange(7 * 9).reshape(7, 9) % 5 / 4
    path = pack(tmp_path, text(x, T[:7]), text(x[:4], T[:4]))
    lying, upright = read_zip(path, SIZES, 9, 2), read_zip(path, SIZES, 9, 2, sideways=True)
    for one, other in zip(lying.train_x.reshape(-1, 3, 3), upright.train_x.reshape(-1, 3, 3), strict=True):
        np.testing.assert_array_equal(one.T, other)


def test_a_zip_that_would_write_elsewhere_is_refused(tmp_path):
    path = tmp_path / "toy.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../toy_train.amat", GOOD)
        archive.writestr("toy_test.amat", TEST)
    with pytest.raises(SdaeError, match="toy.zip: its member ../toy_train.amat would escape"):
        read_zip(path, SIZES, 6, 2)


def test_an_unpacked_pair_stands_in_for_the_zip_and_is_called_local(tmp_path, monkeypatch):
    monkeypatch.setattr(Rect, "sizes", SIZES)
    monkeypatch.setattr(Rect, "n_features", 6)
    folder = tmp_path / "icml2007" / "rectangles"
    folder.mkdir(parents=True)
    (folder / "rectangles_train.amat").write_text(GOOD)
    assert unpacked("rect", tmp_path) is None
    (folder / "rectangles_test.amat").write_text(TEST)
    problem = Rect(tmp_path)
    problem.prepare_data()
    problem.setup()
    assert problem.provenance == "local"
    np.testing.assert_array_equal(problem.train.x, X[:5])


def test_a_truncated_zip_is_named(tmp_path):
    path = pack(tmp_path, GOOD, TEST)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(SdaeError, match="toy.zip: cannot be read to its end"):
        read_zip(path, SIZES, 6, 2)


def test_a_zip_of_other_files_is_named(tmp_path):
    path = tmp_path / "toy.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("toy_train.amat", GOOD)
    with pytest.raises(SdaeError, match="toy.zip: should hold one test .amat file, not 0"):
        read_zip(path, SIZES, 6, 2)


ROOT = Path(os.environ.get("SDAE_DATA", "nowhere"))


@pytest.mark.skipif(not (ROOT / "icml2007" / "rectangles.zip").exists(), reason="$SDAE_DATA holds no rectangles.zip")
def test_the_original_rectangles_are_read_as_numpy_reads_them():
    arrays = Rect(ROOT, "original").read_original(fetch=False)
    with (
        zipfile.ZipFile(ROOT / "icml2007" / "rectangles.zip") as archive,
        archive.open("rectangles_train.amat") as file,
    ):
        expected = np.loadtxt(file)
    np.testing.assert_array_equal(np.concatenate((arrays.train_x, arrays.valid_x)) / arrays.scale, expected[:, :-1])
    np.testing.assert_array_equal(np.concatenate((arrays.train_t, arrays.valid_t)), expected[:, -1])
    assert len(arrays.test_t) == 50_000
