"""Patches of whitened photographs, without classes: what section 5.1's filters are learnt from."""

from pathlib import Path

import numpy as np
import torch

from sdae.data.examples import Examples
from sdae.data.generated.photographs import Photographs, photographs
from sdae.data.problem import Problem
from sdae.data.registry import REGISTRY
from sdae.errors import SdaeError
from sdae.seeds import numpy_generator

SIDE = 12
BLOCK = 10_000  # patches cut from one stream, so that a larger set begins with the smaller one
F0 = 0.4  # cycles a pixel, where the low-pass half of the whitening sets in
VARIANCE = 0.1  # of a pixel, Olshausen's; section 5.1's σ = 0.5 is to be held against its root, 0.32
NOT_SCENES = ("hubble_deep_field.jpg", "moon.png", "retina.jpg")  # shipped, but mostly black


class NaturalPatches(Problem):
    """12 × 12 patches cut at random places out of whitened photographs (section 5.1 and its footnote 8).

    The paper cut them out of Olshausen's whitened pictures; these are whitened and scaled as his were, and are other
    pictures. Real-valued, of mean 0 and variance 0.1 over all patches. The paper gives no scale, and Gaussian noise of
    σ = 0.5 means nothing without one: at variance 0.1, to which the recipe beside Olshausen's sparsenet code brings its
    pictures, that noise teaches edge detectors as in Figure 6; at unit variance it teaches nothing one can see.
    Validation patches come from the same pictures; there is nothing to test.

    The least and the greatest value, which salt-and-pepper noise needs, are those of the whitened pictures. They are
    known once the pictures have been read, and infinite before.

    Args:
        train_size: Number of training examples.
        seed: Seed of the places.
        images: Folder of pictures to cut them from, all of them; default: the scenes that scikit-learn and
            scikit-image contain.

    Raises:
        SdaeError: If ``train_size`` is not positive.
    """

    name = "natural-patches"
    sizes, n_classes, n_features = REGISTRY[name][:3]
    value_range = (-float("inf"), float("inf"))
    image_shape = (SIDE, SIDE)

    def __init__(self, train_size: int = 100_000, seed: int = 1, images: Path | None = None) -> None:
        """Load nothing yet."""
        super().__init__(train_size=train_size, seed=seed)
        self.images = images
        self._white: Photographs | None = None

    def on_disk(self) -> list[str]:
        """Say that nothing is kept: cutting patches takes no longer than reading them."""
        return []

    def prepare_data(self) -> None:
        """Read the pictures, out of the wheels or the user's folder, and whiten them.

        Raises:
            SdaeError: If one cannot be read or is too small.
        """
        self.provenance = "generated"
        if self._white is None:
            scenes = photographs(self.images, without=NOT_SCENES)
            self._white = Photographs(tuple(whitened(grey) for grey in scenes.greys), scenes.place)
            greys = self._white.greys
            self.value_range = float(min(grey.min() for grey in greys)), float(max(grey.max() for grey in greys))

    def setup(self, stage: str | None = None) -> None:
        """Cut the patches: x (n, 144), float32.

        Raises:
            SdaeError: As :meth:`prepare_data`.
        """
        self.prepare_data()
        white = self._white
        assert white is not None
        self.train, self.valid, self.test = (
            self._cut(white, n, split)
            for split, n in {"train": self.train_size, "valid": self.sizes.valid, "test": 0}.items()
        )

    def _cut(self, white: Photographs, n: int, split: str) -> Examples:
        x = torch.empty(n, self.n_features)
        for number, start in enumerate(range(0, n, BLOCK)):
            block = white.cut(BLOCK, SIDE, numpy_generator(self.seed, self.name, split, number))
            x[start : start + BLOCK] = torch.from_numpy(block)[: n - start]
        return Examples(x, torch.zeros(n, dtype=torch.int64))


def whitened(grey: np.ndarray) -> np.ndarray:
    """Whiten a photograph as Olshausen did: its spectrum times f · exp(−(f / f₀)⁴), then to variance 0.1.

    The ramp f flattens the spectrum of natural scenes, which falls as 1 / f; the rest takes out the corners of the
    frequency plane, where there is mostly noise. The photograph is mirrored at its borders first, because the Fourier
    transform takes it for periodic and would find an edge there.

    Args:
        grey: A photograph (height, width), bytes.

    Returns:
        (height, width), float32, in steps of 1/4096: the last bits of a Fourier transform differ between processors.

    Raises:
        SdaeError: If it is one even grey.
    """
    height, width = grey.shape
    mirrored = np.pad(grey.astype(np.float64), ((0, height), (0, width)), mode="symmetric")
    f = np.hypot(np.fft.fftfreq(2 * height)[:, None], np.fft.rfftfreq(2 * width)[None, :])
    spectrum = np.fft.rfft2(mirrored) * f * np.exp(-((f / F0) ** 4))
    white = np.fft.irfft2(spectrum, mirrored.shape)[:height, :width]
    deviation = white.std()
    if deviation < 1e-6:
        raise SdaeError("data.images: holds a picture of one even grey, which cannot be whitened; remove it")
    scale = np.sqrt(VARIANCE) / deviation
    return (np.rint(4096 * scale * (white - white.mean())) / 4096).astype(np.float32)
