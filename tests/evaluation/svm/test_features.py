"""Representations on disk, against NumPy on the arrays they come of."""

import numpy as np
import pytest

from sdae.errors import SdaeError
from sdae.evaluation.svm.features import computed, digest, stratified_order


@pytest.fixture
def splits():
    random = np.random.default_rng(0)
    sizes = {"train": 1203, "valid": 40, "test": 2001}  # more than a block, and no whole number of them
    return {name: (random.random((n, 6), dtype=np.float32), random.integers(0, 3, n)) for name, n in sizes.items()}


def encode(x):
    return np.float32(0.5) + x @ np.linspace(0.001, 0.01, 24, dtype=np.float32).reshape(6, 4)


def test_every_example_is_there_centred_on_the_training_examples(splits, tmp_path):
    with computed(tmp_path / "features", splits, encode, "key", "layer 1") as features:
        assert features.ends == (1203, 1243, 3244)
        mean = encode(splits["train"][0]).astype(float).mean(0)
        for name in ("train", "valid", "test"):
            rows = features.rows(name)
            np.testing.assert_allclose(features.x[rows], encode(splits[name][0]) - mean, atol=1e-7)
            np.testing.assert_array_equal(features.t[rows], splits[name][1])
        both = features.rows("train and valid")
        assert (both.start, both.stop) == (0, 1243)
        assert features.x.dtype == np.float32
        assert not features.x.flags.writeable
        assert isinstance(features.x, np.memmap)


def test_the_unit_of_gamma_is_that_of_the_spread_about_the_mean(splits, tmp_path):
    y = encode(splits["train"][0]).astype(float)
    with computed(tmp_path / "features", splits, encode, "key", "layer 1") as features:
        assert features.unit == pytest.approx(1 / y.var(0).sum(), rel=1e-4)
        pairs = np.random.default_rng(1).integers(0, len(y), (20_000, 2))
        distance = np.square(y[pairs[:, 0]] - y[pairs[:, 1]]).sum(1).mean()
        assert distance == pytest.approx(2 / features.unit, rel=0.05)


def test_units_that_do_not_vary_have_a_unit_all_the_same(splits, tmp_path):
    with computed(tmp_path / "features", splits, lambda x: np.ones((len(x), 2), "f4"), "key", "layer") as features:
        assert features.unit == 1.0


def test_inner_products_are_computed_once(splits, tmp_path):
    with computed(tmp_path / "features", splits, encode, "key", "layer 1") as features:
        features.multiply(1243)
        x = features.x[:1243].astype(float)
        np.testing.assert_allclose(features.products, x @ x.T, atol=1e-8)
        written = (features.folder / "products.npy").stat().st_mtime_ns
        features.multiply(1203)
        assert (features.folder / "products.npy").stat().st_mtime_ns == written


def test_nan_is_refused_by_layer_and_example_and_leaves_nothing(splits, tmp_path):
    def broken(x):
        y = encode(x)
        y[x[:, 0] == splits["train"][0][1100, 0], 2] = np.nan
        return y

    with (
        pytest.raises(SdaeError, match="mine: layer 2: train example 1101 is NaN or infinity"),
        computed(tmp_path / "features", splits, broken, "key", "mine: layer 2"),
    ):
        pass
    assert not list(tmp_path.iterdir())


def test_files_are_dropped_however_it_ends_and_leftovers_are_no_hindrance(splits, tmp_path):
    folder = tmp_path / "features"
    folder.mkdir()
    (folder / "x.npy").write_bytes(b"half")
    with pytest.raises(KeyboardInterrupt), computed(folder, splits, encode, "key", "layer 1") as features:
        assert len(features.x) == 3244
        raise KeyboardInterrupt
    assert not folder.exists()


def test_a_hash_is_of_values_shape_and_kind():
    x = np.arange(6, dtype=np.float32)
    hashes = [digest(x), digest(x.reshape(2, 3)), digest(x.astype(float)), digest(x + 1), digest(x, 1), digest(x, "1")]
    assert len(set(hashes)) == len(hashes)
    assert digest(x) == digest(x.copy())


@pytest.mark.parametrize("n", [50, 200, 333])
def test_any_first_examples_of_a_stratified_order_have_the_classes_in_proportion(n):
    t = np.repeat([0, 1, 2], [700, 200, 100])[np.random.default_rng(1).permutation(1000)]
    order = stratified_order(t)
    assert sorted(order) == list(range(1000))
    assert np.abs(np.bincount(t[order[:n]], minlength=3) - n * np.array([0.7, 0.2, 0.1])).max() <= 1
