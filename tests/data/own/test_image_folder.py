"""A folder of pictures becomes a problem."""

import numpy as np
import pytest
from PIL import Image

from own import ready
from sdae.data import ImageFolder
from sdae.errors import SdaeError


@pytest.fixture
def folder(tmp_path):
    """Write pictures of 5 × 4 pixels: 12 cats, darker than as many dogs."""

    def write(name="pets", n=12, suffix="png", mode="L"):
        for label, animal in enumerate(["cat", "dog"]):
            place = tmp_path / name / animal
            place.mkdir(parents=True, exist_ok=True)
            for number in range(n):
                pixels = np.full((4, 5), 100 * label + number, np.uint8)
                Image.fromarray(pixels).convert(mode).save(place / f"{number:02d}.{suffix}")
        return tmp_path / name

    return write


def test_a_folder_of_pictures_becomes_a_problem(folder):
    path = folder()
    (path / "cat" / "notes.txt").write_text("whiskers")
    (path / ".hidden").mkdir()
    problem = ready(ImageFolder(path))
    assert (problem.name, problem.image_shape, problem.n_features, problem.n_classes) == ("pets", (4, 5), 20, 2)
    assert problem.class_names == ("cat", "dog")
    assert problem.sizes == (20, 2, 2)
    assert problem.provenance == "local"
    seen = []
    for split in problem.splits.values():
        levels = (split.x * 255).round()
        assert (levels == levels[:, :1]).all()
        assert np.array_equal(levels[:, 0] >= 100, split.t == 1)
        seen += levels[:, 0].int().tolist()
    assert sorted(seen) == [*range(12), *range(100, 112)]


@pytest.mark.parametrize(
    ("suffix", "mode"), [("jpg", "L"), ("png", "RGB"), ("png", "RGBA"), ("gif", "P"), ("PNG", "L")]
)
def test_other_formats_are_made_grey(folder, suffix, mode):
    problem = ready(ImageFolder(folder(suffix=suffix, mode=mode)))
    assert np.array_equal(problem.train.x[:, 0] * 255 > 50, problem.train.t == 1)


def test_unlabelled_pictures_lie_at_any_depth(folder):
    others = folder("others", n=3)
    problem = ready(ImageFolder(folder(), unlabelled=others))
    assert problem.sizes == (26, 2, 2)
    assert problem.train.t[20:].tolist() == [-1] * 6
    assert (problem.train.x[20:, 0] * 255).round().tolist() == [0, 1, 2, 100, 101, 102]
    assert problem.where("train")[20] == "cat/00.png"
    (others / "empty").mkdir()
    with pytest.raises(SdaeError, match="empty: holds no picture"):
        ImageFolder(folder(), unlabelled=others / "empty")


def test_paths_can_be_texts(folder):
    others = folder("others", n=3)
    assert ready(ImageFolder(str(folder()), unlabelled=str(others))).sizes == (26, 2, 2)


def test_folders_of_their_own(folder):
    problem = ready(ImageFolder(folder(), test=folder("others", n=3), train_size=5))
    assert problem.sizes == (22, 2, 6)
    assert len(problem.train.t) == 5
    assert problem.test.t.tolist() == [0, 0, 0, 1, 1, 1]


def test_a_picture_of_another_size_is_named(folder):
    path = folder()
    Image.new("L", (6, 4)).save(path / "dog" / "05.png")
    with pytest.raises(SdaeError, match=r"dog/05.png: is 4 × 6, where others are 4 × 5 \(height × width\)"):
        ImageFolder(path).prepare_data()


def test_a_damaged_picture_is_named(folder):
    path = folder()
    whole = (path / "cat" / "03.png").read_bytes()
    (path / "cat" / "03.png").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SdaeError, match="cat/03.png: cannot be read as a picture"):
        ImageFolder(path).prepare_data()
    (path / "cat" / "03.png").write_text("meow")
    with pytest.raises(SdaeError, match="cat/03.png: cannot be read as a picture"):
        ImageFolder(path).prepare_data()


def test_sixteen_bits_are_refused(folder):
    path = folder()
    Image.fromarray(np.zeros((4, 5), np.uint16)).save(path / "cat" / "00.png")
    with pytest.raises(SdaeError, match="cat/00.png: has more than 8 bits"):
        ImageFolder(path)


def test_folders_that_are_no_problem(folder, tmp_path):
    with pytest.raises(SdaeError, match="nowhere: no such folder"):
        ImageFolder(tmp_path / "nowhere")
    path = folder()
    with pytest.raises(SdaeError, match="cat: needs a folder of pictures for each class"):
        ImageFolder(path / "cat")
    other = folder("others")
    (other / "cow").mkdir()
    with pytest.raises(SdaeError, match="others: only this folder or .*pets has the class cow"):
        ImageFolder(path, test=other)
    (path / "cow").mkdir()
    with pytest.raises(SdaeError, match="cow: holds no picture"):
        ImageFolder(path)
    with pytest.raises(SdaeError, match="2 examples are too few for the validation split"):
        ImageFolder(folder("few", n=1))


@pytest.mark.parametrize("split", ["valid", "test", "unlabelled"])
def test_a_folder_named_for_two_splits_is_refused(folder, split):
    path = folder()
    again = path.parent / "elsewhere" / ".." / path.name
    with pytest.raises(SdaeError, match=f"pets: is named twice, as data.train and data.{split}"):
        ImageFolder(path, **{split: again})


@pytest.mark.parametrize(("split", "inner"), [("unlabelled", "."), ("test", "cat"), ("valid", "cat/more")])
def test_folders_within_each_other_are_refused(folder, split, inner):
    """The pictures of the inner one would be trained on and tested on."""
    path = folder()
    place = path.parent if inner == "." else path / inner
    with pytest.raises(SdaeError, match=f"data.train and data.{split} lie within each other"):
        ImageFolder(path, **{split: place})


def test_files_that_are_not_read_are_counted(folder, caplog):
    path = folder()
    ImageFolder(path)
    (path / ".hidden").write_text("")
    assert not caplog.messages
    (path / "cat" / "more").mkdir()
    (path / "cat" / "01.png").rename(path / "cat" / "more" / "01.png")
    (path / "readme.txt").write_text("")
    ImageFolder(path)
    [said] = caplog.messages
    assert f"{path}: 2 files are left out, such as cat/more/01.png: not a picture (.bmp, " in said
    assert "or not directly in the folder of a class" in said
