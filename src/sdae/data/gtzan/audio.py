"""592 log-mel coefficients for every three seconds of GTZAN's audio: a stand-in for the paper's features.

The paper's are 592 Mel Phon Coefficients a clip, "a simplified formulation" of MFCCs (section 6.1), described in a
master's thesis that is not on line. These are the power in 37 mel bands, in dB, averaged over each of 16 windows of the
clip, 37 · 16 = 592, in the order of time: window by window, and in each from the lowest band to the highest.
"""

import hashlib
import importlib
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from tqdm import tqdm

from sdae.data.cache import once
from sdae.data.own.arrays import check_classes, check_examples, read_array
from sdae.errors import MissingData, SdaeError

log = logging.getLogger(__name__)

GENRES = ("blues", "classical", "country", "disco", "hiphop", "jazz", "metal", "pop", "reggae", "rock")
BANDS, WINDOWS, SECONDS = 37, 16, 3
RATE, FRAME, HOP = 22_050, 2_048, 512  # samples: a second, as GTZAN has them; a frame; from one frame to the next
FLOOR = 80.0  # dB below a song's loudest: what is softer counts as that
RECIPE = 1  # raised when the features change
SUFFIXES = (".wav", ".au")


class AudioFeatures(NamedTuple):
    """Clips: x (n, 592), in the file's type; genres t (n,), int64; and each one's song, (n,), None if not known."""

    x: np.ndarray
    t: np.ndarray
    song: np.ndarray | None


def read_features(path: Path) -> AudioFeatures:
    """Read a feature file: an ``.npz`` with ``features`` (n, 592), ``labels`` (n,) and, for folds by song, ``song``.

    Raises:
        SdaeError: If it is none, has another width, holds NaN, or labels that are not one of 0 to 9.
    """
    x = check_examples(read_array(path, "features"), path, BANDS * WINDOWS)
    t = check_classes(read_array(path, "labels"), path, len(x), len(GENRES))
    try:
        song = read_array(path, "song")
    except SdaeError:
        return AudioFeatures(x, t, None)
    if song.shape != t.shape:
        raise SdaeError(f"{path}: song is of shape {song.shape} for {len(t)} examples")
    return AudioFeatures(x, t, song)


def features_of_audio(folder: Path, root: Path) -> AudioFeatures:
    """Compute the features of a folder of audio, ``genre/name.wav`` or ``.au``, once: they are kept in the cache.

    Args:
        folder: The audio.
        root: The data folder, with the cache.

    Raises:
        SdaeError: If a genre is missing, a library is, no file can be read, or the cache cannot be written.
    """
    files = list(_files(folder))
    # Names and sizes say whether it is the same audio, wherever it lies: a song is not recorded again.
    files_found = [(genre, path.name, path.stat().st_size) for genre, path in files]
    fingerprint = hashlib.sha256(repr((RECIPE, files_found)).encode()).hexdigest()[:16]
    path = root / "cache" / f"tzanetakis-audio-{fingerprint}.npz"
    return once(path, _read_kept, lambda: _compute(folder, files), _write, required=True)


def clips(samples: np.ndarray, mel: torch.Tensor) -> np.ndarray:
    """Compute the features of a song, three seconds a clip; a song of 29.9 seconds still makes ten.

    Args:
        samples: Mono, (n,), float32, at 22,050 Hz.
        mel: Mel filters, (37, 1025).

    Returns:
        (n clips, 592), float32, in dB.
    """
    n = round(len(samples) / (SECONDS * RATE))
    if n == 0:
        return np.empty((0, WINDOWS * BANDS), dtype=np.float32)
    window = torch.hann_window(FRAME)
    wave = torch.from_numpy(samples)
    spectrum = torch.stft(wave, FRAME, HOP, window=window, center=True, pad_mode="constant", return_complex=True)
    power = 10 * torch.log10((mel @ spectrum.abs().square()).clamp_min(1e-10))
    decibels = power.clamp_min(float(power.max()) - FLOOR).numpy()
    edges = np.linspace(0, decibels.shape[1], n * WINDOWS + 1).round().astype(np.int64)
    means = np.add.reduceat(decibels, edges[:-1], axis=1) / np.diff(edges)
    return means.T.reshape(n, WINDOWS * BANDS).astype(np.float32)


def mel_filters() -> torch.Tensor:
    """Return the filters of the 37 bands, (37, 1025).

    Raises:
        SdaeError: If librosa is missing.
    """
    return torch.from_numpy(_library("librosa.filters").mel(sr=RATE, n_fft=FRAME, n_mels=BANDS))


def new_clips(files: Sequence[Path]) -> tuple[np.ndarray, list[tuple[Path, int]]]:
    """Compute the features of audio files.

    Returns:
        Clips (n, 592), and of each its file and its number there, counted from 0.

    Raises:
        SdaeError: If a file cannot be read, is shorter than a clip, or a library is missing.
    """
    mel, x, places = mel_filters(), [], []
    for path in files:
        try:
            found = clips(read_song(path), mel)
        except ValueError as error:
            raise SdaeError(f"{path}: is not audio that can be read ({error})") from None
        if len(found) == 0:
            raise SdaeError(f"{path}: is shorter than a clip of three seconds")
        x.append(found)
        places += [(path, number) for number in range(len(found))]
    return np.concatenate(x), places


def read_song(path: Path) -> np.ndarray:
    """Read an audio file as mono at 22,050 Hz: (n,), float32.

    Raises:
        ValueError: If it is not audio, or holds something that is not a number.
    """
    soundfile = _library("soundfile")
    try:
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (soundfile.SoundFileError, OSError, RuntimeError) as error:
        raise ValueError(str(error)) from None
    mono = np.ascontiguousarray(samples.mean(1))
    if not np.isfinite(mono).all():
        raise ValueError("holds NaN or infinity")
    return mono if rate == RATE else _library("soxr").resample(mono, rate, RATE)


def _compute(folder: Path, files: list[tuple[int, Path]]) -> AudioFeatures:
    mel = mel_filters()
    x, t, song = [], [], []
    for number, (genre, path) in enumerate(tqdm(files, desc="features of audio", unit=" songs", disable=None)):
        try:
            found = clips(read_song(path), mel)
        except ValueError as error:
            log.warning("%s: skipped, it is not audio that can be read (%s)", path, error)
            continue
        if len(found) == 0:
            log.warning("%s: skipped, it is shorter than a clip of three seconds", path)
        x.append(found)
        t += [genre] * len(found)
        song += [number] * len(found)
    if not t:
        raise SdaeError(f"{folder}: none of its {len(files)} audio files can be used")
    return AudioFeatures(np.concatenate(x), np.array(t), np.array(song))


def _files(folder: Path) -> Iterator[tuple[int, Path]]:
    if not folder.is_dir():
        raise MissingData(f"{folder}: no such folder of audio")
    for genre, name in enumerate(GENRES):
        found = sorted(path for path in (folder / name).glob("*") if path.suffix.lower() in SUFFIXES)
        if not found:
            raise SdaeError(f"{folder}: has no {name}/*.wav or .au; a folder for each of {', '.join(GENRES)} is needed")
        yield from ((genre, path) for path in found)


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except (ImportError, OSError):  # the latter from soundfile, where the C library is missing
        raise SdaeError(
            f"data.audio: {name.partition('.')[0]} is needed to read audio; pip install 'sdae[audio]'"
        ) from None


def _read_kept(path: Path) -> AudioFeatures | None:
    return read_features(path) if path.is_file() else None


def _write(path: Path, features: AudioFeatures) -> None:
    assert features.song is not None
    with path.open("wb") as file:
        np.savez(file, features=features.x, labels=features.t, song=features.song, genres=np.array(GENRES))
