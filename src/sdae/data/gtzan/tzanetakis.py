"""tzanetakis: the genre of three seconds of music, by ten-fold cross-validation (section 6.1)."""

import math
from pathlib import Path
from typing import Literal, cast

import numpy as np

from sdae.data.cache import Arrays
from sdae.data.folds import Rows, deal_fold
from sdae.data.gtzan.audio import BANDS, GENRES, WINDOWS, AudioFeatures, features_of_audio, read_features
from sdae.data.problem import Problem
from sdae.data.registry import REGISTRY
from sdae.data.scaling import Scaling
from sdae.errors import MissingData, SdaeError
from sdae.seeds import numpy_generator


class Tzanetakis(Problem):
    """Three-second clips of ten genres, 592 coefficients each, standardised.

    Ten-fold cross-validation at random, in the proportions 8 : 1 : 1: fold k tests on the k-th tenth and validates on
    the next, and each component is standardised by the fold's training examples. The result is the mean over the folds
    with its standard deviation. At random, clips of one song come to both sides, and a network that knows the song
    knows the genre: the paper did so; ``folds_by: song`` does not.

    The music, GTZAN, has no licence, so nothing is fetched, and nobody has published the paper's features: these are
    others (sdae.data.gtzan.audio) in their place, and the provenance of the data is ``stand-in``.

    Args:
        root: Data folder; default: $SDAE_DATA, or ~/.cache/sdae. Its gtzan/features_592.npz is read where
            neither of the next two is given.
        features: A feature file: an .npz with features (n, 592), labels (n,) and song (n,).
        audio: A folder of GTZAN's audio, genre/name.wav or .au; its features are computed once and kept in cache/.
        folds_by: clip deals out clips at random, as the paper did; song keeps the clips of a song in one split.
        fold: One fold alone, 0 to 9; default: all ten. Outside fit, none stands for fold 0.
        train_size: Number of training examples of a fold; default: all.
        seed: Seed of the folds. It is not part of a run's own seed.

    Raises:
        SdaeError: If there is no such fold, ``train_size`` is not positive, or both a file and a folder are given.
    """

    name = "tzanetakis"
    sizes, n_classes, n_features, _ = REGISTRY[name]
    folds = cast("int", REGISTRY[name].folds)
    value_range = (-math.inf, math.inf)
    class_names = GENRES
    image_shape = (WINDOWS, BANDS)  # time downwards, pitch to the right
    note = "tzanetakis: log-mel features of GTZAN, not the paper's 592 MPC features, which were never published"

    def __init__(
        self,
        root: Path | None = None,
        features: Path | None = None,
        audio: Path | None = None,
        folds_by: Literal["clip", "song"] = "clip",
        fold: int | None = None,
        train_size: int | None = None,
        seed: int = 1,
    ) -> None:
        """Load nothing yet."""
        super().__init__(root, train_size=train_size, seed=seed)
        if fold is not None and not 0 <= fold < self.folds:
            raise SdaeError(f"data.fold: 0 to {self.folds - 1}, not {fold}")
        if features is not None and audio is not None:
            raise SdaeError("data.features, data.audio: a feature file or a folder of audio, not both")
        self.features, self.audio = (None if path is None else Path(path).expanduser() for path in (features, audio))
        self.folds_by, self.fold = folds_by, fold
        self.fewer = train_size
        self._clips: AudioFeatures | None = None

    @property
    def feature_file(self) -> Path:
        """The feature file that is read where no folder of audio is given."""
        return self.features or self.root / "gtzan" / "features_592.npz"

    def on_disk(self) -> list[str]:
        """Say whether there is a feature file."""
        return ["stand-in"] if self.feature_file.is_file() else []

    def prepare_data(self) -> None:
        """Read the features, or compute them from audio.

        Raises:
            SdaeError: If there are none, with what to do about it, they cannot be used, or are fewer than
                ``train_size`` in a fold.
        """
        if self._clips is not None:
            return
        self.provenance = "stand-in"
        if self.audio is not None:
            clips = features_of_audio(self.audio, self.root)
        elif self.features is None and not self.feature_file.is_file():
            raise MissingData(
                f"{self.feature_file}: no such file; name a feature file as data.features, or a folder of GTZAN's "
                "audio as data.audio: it has no licence, so it is not fetched"
            )
        else:
            clips = read_features(self.feature_file)
        what = self.audio or self.feature_file
        if self.folds_by == "song" and clips.song is None:
            raise SdaeError(f"{what}: has no array named song, which data.folds_by: song needs")
        if (n := len(np.unique(self._groups(clips)))) < self.folds:
            raise SdaeError(f"{what}: {n} {self.folds_by}s are too few for {self.folds} folds")
        fewest = min(len(self._rows(clips, fold).train) for fold in range(self.folds))
        if self.fewer is not None and self.fewer > fewest:
            raise SdaeError(f"data.train_size: a fold has {fewest} training examples, not {self.fewer}")
        self._clips = clips

    def setup(self, stage: str | None = None) -> None:
        """Deal out the clips of this fold, and standardise them by its training examples."""
        self.prepare_data()
        assert self._clips is not None
        x, t, _ = self._clips
        rows = self._rows(self._clips, self.fold or 0)
        rows = rows._replace(train=rows.train[: self.fewer])
        self.rows, self.train_size = rows, len(rows.train)
        self._arrays = Arrays(x[rows.train], t[rows.train], x[rows.valid], t[rows.valid], x[rows.test], t[rows.test])
        super().setup(stage)

    def scaling_by(self, train_x: np.ndarray, divisor: float) -> Scaling:
        """Return the fold's standardisation."""
        return Scaling.by_deviation(train_x)

    def where(self, split: str) -> list[str]:
        """Return the clip of each row: the feature file or the folder of audio, and the clip's row, counted from 0."""
        name = (self.audio or self.feature_file).name
        return [f"{name}:{row}" for row in getattr(self.rows, split)]

    def _rows(self, clips: AudioFeatures, fold: int) -> Rows:
        random = numpy_generator(self.seed, self.name, "folds by", self.folds_by)
        return deal_fold(self._groups(clips), self.folds, fold, random)

    def _groups(self, clips: AudioFeatures) -> np.ndarray:
        if self.folds_by == "song":
            assert clips.song is not None
            return clips.song
        return np.arange(len(clips.t))
