"""Folds, standardisation, and feature files that cannot be used."""

import numpy as np
import pytest

from sdae.data import Tzanetakis
from sdae.data.folds import deal_fold
from sdae.errors import SdaeError

SONGS, CLIPS = 30, 4


def arrays(**changed):
    """Return a feature file's arrays: 30 songs of four clips, three songs a genre."""
    random = np.random.default_rng(0)
    song = np.arange(SONGS).repeat(CLIPS)
    features = random.normal(-10, 20, (SONGS * CLIPS, 592)).astype(np.float16)
    features[:, 7] = -45.5  # the same everywhere, as a band at the floor
    return {"features": features, "labels": (song // 3).astype(np.uint8), "song": song, **changed}


@pytest.fixture
def write(tmp_path):
    """Write a feature file where it is looked for."""

    def write(**changed):
        content = {key: value for key, value in arrays(**changed).items() if value is not None}
        path = tmp_path / "gtzan" / "features_592.npz"
        path.parent.mkdir(exist_ok=True)
        np.savez(path, **content)
        return path

    return write


def ready(*args, **how):
    problem = Tzanetakis(*args, **how)
    problem.prepare_data()
    problem.setup()
    return problem


@pytest.mark.parametrize("by", ["clip", "song"])
def test_over_the_folds_each_example_is_tested_on_once_and_validated_on_once(by):
    groups = np.arange(SONGS).repeat(CLIPS) if by == "song" else np.arange(SONGS * CLIPS)
    dealt = [deal_fold(groups, 10, fold, np.random.default_rng(3)) for fold in range(10)]
    n = SONGS * CLIPS
    for split in ("valid", "test"):
        assert sorted(np.concatenate([getattr(rows, split) for rows in dealt])) == list(range(n))
    for fold, rows in enumerate(dealt):
        assert sorted(np.concatenate(rows)) == list(range(n))
        assert [len(part) for part in rows] == [8 * n // 10, n // 10, n // 10]
        assert set(rows.valid) == set(dealt[(fold + 1) % 10].test)


def test_by_song_no_song_is_on_two_sides():
    song = np.arange(SONGS).repeat(CLIPS)
    for fold in range(10):
        rows = deal_fold(song, 10, fold, np.random.default_rng(3))
        sides = [set(song[part]) for part in rows]
        assert not (sides[0] & sides[1] or sides[0] & sides[2] or sides[1] & sides[2])
    by_clip = deal_fold(np.arange(len(song)), 10, 0, np.random.default_rng(3))
    assert set(song[by_clip.train]) & set(song[by_clip.test])  # what random folds do


def test_the_first_training_examples_are_a_sample_of_all():
    rows = deal_fold(np.arange(SONGS).repeat(CLIPS), 10, 0, np.random.default_rng(3))
    assert len({row // CLIPS for row in rows.train[:16]}) > 8


def test_a_fold_is_the_files_clips_standardised(write, tmp_path):
    path = write()
    problem = ready(tmp_path, fold=4)
    assert problem.provenance == "stand-in"
    assert [len(split.t) for split in problem.splits.values()] == [96, 12, 12]
    assert problem.train.x.shape[1] == problem.n_features == 592
    np.testing.assert_allclose(problem.train.x.mean(0), 0, atol=1e-5)
    assert problem.train.x[:, 7].eq(0).all()
    # Undone, every clip is one of the file's, with its genre.
    content = np.load(path)
    features = content["features"].astype(np.float64)
    x = np.concatenate([split.x.numpy() for split in problem.splits.values()])
    t = np.concatenate([split.t.numpy() for split in problem.splits.values()])
    slope, shift = np.polyfit(np.sort(x[:, 0]), np.sort(features[:, 0]), 1)
    clip = np.abs(x[:, :1] * slope + shift - features[:, 0]).argmin(1)
    assert sorted(clip) == list(range(120))
    assert (content["labels"][clip] == t).all()


def test_folds_differ_and_depend_on_the_seed_alone(write, tmp_path):
    write()
    first, again, other, seeded = (
        ready(tmp_path, fold=fold, seed=seed).test.x for fold, seed in [(0, 1), (0, 1), (1, 1), (0, 2)]
    )
    assert first.equal(again)
    assert not first.equal(other)
    assert not first.equal(seeded)


def test_one_of_all_folds_shares_what_was_read(write, tmp_path):
    write()
    whole = ready(tmp_path)
    part = whole.only(3)
    part.setup()
    assert (whole.fold, part.fold) == (None, 3)
    assert part.test.x.equal(ready(tmp_path, fold=3).test.x)
    assert whole.test.x.equal(ready(tmp_path, fold=0).test.x)


def test_fewer_training_examples_leave_the_other_splits_as_they_are(write, tmp_path):
    write()
    whole, fewer = ready(tmp_path), ready(tmp_path, train_size=20)
    assert len(fewer.train.t) == 20
    assert fewer.train.t.equal(whole.train.t[:20])
    assert fewer.test.t.equal(whole.test.t)
    with pytest.raises(SdaeError, match="data.train_size: a fold has 96 training examples, not 97"):
        ready(tmp_path, train_size=97)


def test_a_file_elsewhere_is_named(write, tmp_path):
    path = write().rename(tmp_path / "mine.npz")
    for place in (path, str(path)):
        assert ready(tmp_path / "nowhere", features=place).train.x.shape == (96, 592)
    assert Tzanetakis(tmp_path).on_disk() == []
    with pytest.raises(SdaeError, match=r"features_592.npz: no such file; name a feature file as data.features"):
        ready(tmp_path)
    with pytest.raises(SdaeError, match="mine.np: no such file"):
        ready(features=tmp_path / "mine.np")


def spoilt(value, row=17):
    features = arrays()["features"]
    features[row, 3] = value
    return features


LABELS = arrays()["labels"].astype(np.int64)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"features": spoilt(np.nan)}, "row 17, counted from 0, holds NaN or infinity"),
        ({"features": spoilt(np.inf)}, "row 17, counted from 0, holds NaN or infinity"),
        ({"features": arrays()["features"][:, 1:]}, r"shape \(120, 591\), where \(n, 592\) is needed"),
        ({"features": arrays()["features"].astype(str)}, "holds examples of texts, not numbers"),
        ({"features": None}, "has no array named features"),
        ({"labels": None}, "has no array named labels"),
        ({"labels": LABELS[1:]}, r"labels of shape \(119,\) for 120 examples"),
        ({"labels": LABELS + 1}, "row 108, counted from 0, has the label 10, not one of 0 to 9"),
        ({"labels": LABELS - 1}, "row 0, counted from 0, has the label -1, not one of 0 to 9"),
        ({"labels": LABELS + 0.5}, "row 0, counted from 0, has the label 0.5, not one of 0 to 9"),
        ({"song": LABELS[1:]}, r"song is of shape \(119,\) for 120 examples"),
        ({"features": arrays()["features"][:9], "labels": LABELS[:9], "song": None}, "9 clips are too few"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_its_row(write, tmp_path, changed, said):
    path = write(**changed)
    with pytest.raises(SdaeError, match=said) as error:
        ready(tmp_path)
    assert str(error.value).startswith(f"{path}: ")
    assert "\n" not in str(error.value)


def test_folds_by_song_need_to_know_the_songs(write, tmp_path):
    write(song=None)
    assert len(ready(tmp_path).test.t) == 12
    with pytest.raises(SdaeError, match="has no array named song"):
        ready(tmp_path, folds_by="song")


def test_a_truncated_file_is_named(write, tmp_path):
    path = write()
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(SdaeError, match="features_592.npz: cannot be read"):
        ready(tmp_path)


def test_what_cannot_be_asked_for():
    with pytest.raises(SdaeError, match="data.fold: 0 to 9, not 10"):
        Tzanetakis(fold=10)
    with pytest.raises(SdaeError, match="not both"):
        Tzanetakis(features="a.npz", audio="b")


def test_it_says_that_its_features_are_not_the_papers():
    assert Tzanetakis.note is not None
    assert "not the paper's" in Tzanetakis.note
