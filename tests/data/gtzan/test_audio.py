"""Features of audio made here: a tone is loud in its own band and at its own time."""

import sys

import numpy as np
import pytest
import torch

from sdae.data import Tzanetakis
from sdae.data.gtzan.audio import BANDS, GENRES, RATE, WINDOWS, clips, features_of_audio, read_features, read_song
from sdae.errors import SdaeError

librosa_filters = pytest.importorskip("librosa.filters")
soundfile = pytest.importorskip("soundfile")
soxr = pytest.importorskip("soxr")


@pytest.fixture(scope="module")
def mel():
    return torch.from_numpy(librosa_filters.mel(sr=RATE, n_fft=2048, n_mels=BANDS))


def tone(frequency, seconds, rate=RATE):
    return (0.5 * np.sin(2 * np.pi * frequency * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def song(seed, seconds=6.0):
    """Return noise under a tone of the genre's own."""
    noise = np.random.default_rng(seed).normal(0, 0.01, round(seconds * RATE)).astype(np.float32)
    return tone(200 + 100 * seed, seconds) + noise


@pytest.fixture(scope="module")
def audio(tmp_path_factory):
    """Ten genres of two songs of two clips, one of them stereo .au, and one file that is not audio."""
    folder = tmp_path_factory.mktemp("genres")
    for number, genre in enumerate(GENRES):
        (folder / genre).mkdir()
        soundfile.write(folder / genre / f"{genre}.00000.wav", song(number), RATE)
        stereo = np.stack([song(number)] * 2, axis=1)
        soundfile.write(folder / genre / f"{genre}.00001.au", stereo, RATE, format="AU", subtype="PCM_16")
    (folder / "jazz" / "jazz.00002.wav").write_bytes(b"RIFF and then nothing that is audio")
    (folder / "rock" / "notes.txt").write_text("Ten genres")
    return folder


def test_a_tone_is_loud_in_its_band(mel):
    (found,) = clips(tone(1000, 3), mel)
    loudest = found.reshape(WINDOWS, BANDS).argmax(1)
    assert set(loudest[1:-1]) == {int(mel[:, round(1000 * 2048 / RATE)].argmax())}


def test_windows_are_in_the_order_of_time(mel):
    samples = tone(1000, 3)
    samples[len(samples) // 2 :] = 0
    loudness = clips(samples, mel)[0].reshape(WINDOWS, BANDS).max(1)
    assert loudness[:7].min() > loudness[9:].max() + 40


def test_what_is_soft_counts_as_80_decibels_below_the_loudest(mel):
    samples = tone(1000, 3)
    samples[len(samples) // 2 :] = 0
    found = clips(samples, mel)
    assert 70 < found.max() - found.min() < 80.01


def test_the_spectrum_is_librosas(mel):
    """In decibels and frame by frame, as librosa computes them: power_to_db(melspectrogram(y), top_db=80)."""
    samples = song(3, 3)
    padded = np.pad(samples, 1024)
    frames = np.lib.stride_tricks.sliding_window_view(padded, 2048)[::512]
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(2048) / 2048)
    power = mel.numpy() @ (np.abs(np.fft.rfft(frames * hann)) ** 2).T
    decibels = 10 * np.log10(np.maximum(power, 1e-10))
    decibels = np.maximum(decibels, decibels.max() - 80)
    edges = np.linspace(0, decibels.shape[1], 17).round().astype(int)
    expected = [decibels[:, a:b].mean(1) for a, b in zip(edges[:-1], edges[1:], strict=True)]
    np.testing.assert_allclose(clips(samples, mel)[0], np.concatenate(expected), atol=0.01)


@pytest.mark.parametrize(("seconds", "n"), [(30, 10), (29.93, 10), (30.6, 10), (6, 2), (1.6, 1), (1.4, 0), (0, 0)])
def test_a_song_gives_a_clip_for_every_three_seconds(mel, seconds, n):
    assert clips(tone(440, seconds), mel).shape == (n, 592)


def test_silence_has_features_too(mel):
    assert np.isfinite(clips(np.zeros(3 * RATE, np.float32), mel)).all()


def test_another_rate_is_resampled(tmp_path, mel):
    soundfile.write(tmp_path / "a.wav", tone(1000, 3, 44_100), 44_100)
    found = read_song(tmp_path / "a.wav")
    assert len(found) == 3 * RATE
    expected = clips(tone(1000, 3), mel)
    loud = expected > expected.max() - 20
    np.testing.assert_allclose(clips(found, mel)[loud], expected[loud], atol=0.5)


def test_a_folder_of_audio_becomes_features_once(audio, tmp_path, caplog):
    found = features_of_audio(audio, tmp_path)
    assert found.x.shape == (40, 592)
    assert found.t.tolist() == np.arange(10).repeat(4).tolist()
    assert found.song is not None
    assert np.bincount(np.unique(found.song, return_inverse=True)[1]).tolist() == [2] * 20
    assert [record.getMessage() for record in caplog.records if "skipped" in record.getMessage()][0].startswith(
        str(audio / "jazz" / "jazz.00002.wav")
    )
    # Stereo of 16 bits says the same as mono.
    np.testing.assert_allclose(found.x[0:2], found.x[2:4], atol=1)

    caplog.clear()
    (kept,) = (tmp_path / "cache").glob("*.npz")
    before = kept.stat().st_mtime_ns
    again = features_of_audio(audio, tmp_path)
    assert np.array_equal(again.x, found.x)
    assert kept.stat().st_mtime_ns == before
    assert not caplog.records
    assert np.array_equal(read_features(kept).x, found.x)  # what is kept is a feature file


def test_another_song_more_is_other_audio(audio, tmp_path):
    first = features_of_audio(audio, tmp_path)
    more = audio / "blues" / "blues.00009.wav"
    soundfile.write(more, song(5), RATE)
    try:
        assert len(features_of_audio(audio, tmp_path).x) == len(first.x) + 2
    finally:
        more.unlink()


def test_the_problem_reads_a_folder_of_audio(audio, tmp_path):
    problem = Tzanetakis(tmp_path, audio=audio, folds_by="song", fold=1)
    problem.prepare_data()
    problem.setup()
    assert problem.provenance == "stand-in"
    assert [len(split.t) for split in problem.splits.values()] == [32, 4, 4]


def test_a_missing_genre_is_named(audio, tmp_path):
    with pytest.raises(SdaeError, match=r"has no blues/\*.wav or .au"):
        features_of_audio(tmp_path, tmp_path)
    with pytest.raises(SdaeError, match="nowhere: no such folder of audio"):
        features_of_audio(tmp_path / "nowhere", tmp_path)


def test_where_nothing_can_be_read_nothing_is_left_behind(tmp_path):
    for genre in GENRES:
        (tmp_path / "genres" / genre).mkdir(parents=True)
        (tmp_path / "genres" / genre / "a.wav").write_bytes(b"text")
    with pytest.raises(SdaeError, match="genres: none of its 10 audio files can be used"):
        features_of_audio(tmp_path / "genres", tmp_path)
    assert not list((tmp_path / "cache").glob("*.npz"))
    assert not list((tmp_path / "cache").glob(".*.part"))


def test_without_the_libraries_one_line_says_what_to_install(audio, tmp_path, monkeypatch):
    for name in ("librosa", "librosa.filters"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(SdaeError, match=r"librosa is needed to read audio; pip install 'sdae\[audio\]'"):
        features_of_audio(audio, tmp_path)
