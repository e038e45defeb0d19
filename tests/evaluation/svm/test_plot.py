"""The picture of Figure 13."""

import numpy as np
from PIL import Image

from sdae.evaluation.svm.plot import draw


def answer(layer, kernel, error, weights="pretrained", noise=None):
    return {
        **{"weights": weights if layer else "input", "layer": layer, "kernel": kernel, "noise": noise},
        **{"test_error": error, "test_interval": 0.01, "published": {"test_error": error / 2, "interval": 0.01}},
    }


def picture(tmp_path, answers, fine_tuned=None):
    path = tmp_path / "svm.png"
    draw({"problem": "rect", "method": "SDAE-3", "answers": answers}, "pretrained", fine_tuned, path)
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB")).astype(int)


def test_what_was_measured_is_what_is_drawn(tmp_path):
    trained = [answer(layer, kernel, 0.3 / (layer + 1)) for layer in range(4) for kernel in ("linear", "rbf")]
    control = [answer(layer, "rbf", 0.3 + 0.05 * layer, "random") for layer in (1, 2, 3)]
    noisy = [answer(0, "rbf", 0.9, noise={"copies": 9, "level": 0.1, "corruption": "masking"})]
    plain = picture(tmp_path, trained)
    assert plain.shape[0] > 500
    assert plain.shape[1] > 800
    assert len(np.unique(plain.reshape(-1, 3), axis=0)) > 20
    assert (picture(tmp_path, trained, fine_tuned=0.02) != plain).any()
    assert (picture(tmp_path, trained + control) != plain).any()
    assert (picture(tmp_path, trained + noisy) == plain).all()


def test_one_kernel_and_one_layer_can_be_drawn(tmp_path):
    assert picture(tmp_path, [answer(2, "linear", 0.1)]).any()
