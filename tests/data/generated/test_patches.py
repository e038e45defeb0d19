import hashlib
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from sdae.data.generated.patches import F0, NaturalPatches, whitened
from sdae.errors import SdaeError
from sdae.models.autoencoder import Autoencoder
from sdae.models.classifier import Classifier
from sdae.settings.pretraining import Pretraining
from sdae.training.stacking import layers


@pytest.fixture(scope="module")
def scene() -> np.ndarray:
    """A picture whose spectrum falls as 1 / f, as that of natural scenes does."""
    random = np.random.default_rng(0)
    n = 256
    f = np.hypot(np.fft.fftfreq(n)[:, None], np.fft.rfftfreq(n)[None, :])
    f[0, 0] = 1
    spectrum = np.exp(2j * np.pi * random.random(f.shape)) / f
    grey = np.fft.irfft2(spectrum, (n, n))
    return (127 + 40 * grey / grey.std()).clip(0, 255).astype(np.uint8)


@pytest.fixture
def folder(tmp_path: Path, scene: np.ndarray) -> Path:
    Image.fromarray(scene).save(tmp_path / "a.png")
    Image.fromarray(scene[:100, :80].T.copy()).save(tmp_path / "b.png")
    return tmp_path


def patches(folder: Path, train_size: int = 2000, seed: int = 1) -> torch.Tensor:
    problem = NaturalPatches(train_size, seed, folder)
    problem.setup()
    return problem.train.x


def test_whitening_flattens_the_spectrum_of_a_natural_scene(scene: np.ndarray) -> None:
    white = whitened(scene)
    assert white.shape == scene.shape
    assert white.dtype == np.float32
    assert abs(white.var() - 0.1) < 1e-3
    assert abs(white.mean()) < 1e-3
    n = len(scene)
    f = np.hypot(np.fft.fftfreq(n)[:, None], np.fft.fftfreq(n)[None, :])
    power = np.abs(np.fft.fft2(white)) ** 2 / np.exp(-2 * (f / F0) ** 4)
    rings = [power[(f > low) & (f <= low + 0.05)].mean() for low in (0.05, 0.1, 0.2, 0.3, 0.4)]
    assert max(rings) < 1.5 * min(rings)


def test_whitening_adds_no_edge_at_the_border(scene: np.ndarray) -> None:
    """A slope from black to white has its only edge where a periodic picture would be sewn together."""
    slope = np.linspace(0, 200, 256)[None, :] + scene / 8
    f = np.hypot(np.fft.fftfreq(256)[:, None], np.fft.rfftfreq(256)[None, :])
    periodic = np.fft.irfft2(np.fft.rfft2(slope) * f * np.exp(-((f / F0) ** 4)), slope.shape)
    ours = whitened(slope.astype(np.uint8))
    border = [float(np.abs(white[:, [0, -1]]).mean() / np.abs(white).mean()) for white in (ours, periodic)]
    assert border[0] < 0.5 * border[1]


def test_one_even_grey_is_refused() -> None:
    with pytest.raises(SdaeError, match="data.images: .*even grey"):
        whitened(np.full((40, 40), 9, np.uint8))


def test_patches_are_windows_of_the_whitened_pictures(folder: Path, scene: np.ndarray) -> None:
    views = [whitened(g) for g in (scene, scene[:100, :80].T)]
    corners = {
        tuple(v[r, c : c + 12].tolist()): (k, r, c)
        for k, v in enumerate(views)
        for r in range(v.shape[0] - 11)
        for c in range(v.shape[1] - 11)
    }
    found = []
    for patch in patches(folder, 300).reshape(-1, 12, 12).numpy():
        k, row, column = corners[tuple(patch[0].tolist())]
        assert (patch == views[k][row : row + 12, column : column + 12]).all()
        found.append(k)
    assert 0.4 < np.mean(found) < 0.6  # any picture is as likely, whatever its size


def test_the_shipped_scenes_give_patches_of_olshausens_variance() -> None:
    problem = NaturalPatches(20_000)
    problem.setup()
    assert problem.train.x.shape == (20_000, problem.n_features)
    assert problem.train.x.dtype == torch.float32
    assert abs(problem.train.x.var() - 0.1) < 0.01
    assert abs(problem.train.x.mean()) < 0.01
    digest = hashlib.sha256(problem.train.x.numpy().tobytes()).hexdigest()
    assert digest[:16] == "85c1b0721bd475a3"  # on every machine


def test_same_seed_same_patches_and_a_larger_set_begins_with_the_smaller(folder: Path) -> None:
    few = patches(folder, 500)
    assert (few == patches(folder, 12_000)[:500]).all()
    assert (few != patches(folder, 500, seed=2)).any()


def test_the_loader_serves_all_of_them_in_order(folder: Path) -> None:
    problem = NaturalPatches(2500, images=folder)
    problem.setup()
    blocks = [x for x, _ in problem.train_dataloader()]
    assert [len(x) for x in blocks] == [1000, 1000, 500]
    assert (torch.cat(blocks) == problem.train.x).all()


def test_least_and_greatest_value_are_the_pictures_own(folder: Path, scene: np.ndarray) -> None:
    problem = NaturalPatches(500, images=folder)
    assert problem.value_range == (-float("inf"), float("inf"))  # nothing has been read
    problem.prepare_data()
    views = [whitened(g) for g in (scene, scene[:100, :80].T)]
    assert problem.value_range == (min(v.min() for v in views), max(v.max() for v in views))
    problem.setup()
    assert problem.value_range[0] <= problem.train.x.min()
    assert problem.train.x.max() <= problem.value_range[1]


def test_salt_and_pepper_noise_has_its_minimum_and_maximum(folder: Path) -> None:
    problem = NaturalPatches(500, images=folder)
    problem.prepare_data()
    how = Pretraining(corruption="salt-and-pepper", noise_level=0.1)
    how.check(1, problem.value_range)
    assert how.reconstruction_of(problem.value_range) == "squared"
    (layer,) = layers(how, Classifier(144, 0, n_layers=1, n_units=5), problem.value_range)
    assert isinstance(layer, Autoencoder)
    x_tilde, corrupted = layer.corrupt(torch.zeros(1000, 144), torch.Generator().manual_seed(1))
    assert {*x_tilde[corrupted].tolist()} == {*np.array(problem.value_range, dtype=np.float32).tolist()}


def test_no_patches_is_refused() -> None:
    with pytest.raises(SdaeError, match="data.train_size"):
        NaturalPatches(0)
