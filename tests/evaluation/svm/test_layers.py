"""Which representations are asked, and noisy copies."""

import json
from collections import Counter

import numpy as np
import pytest
import torch

from sdae.errors import SdaeError
from sdae.evaluation.svm.candidates import Candidates
from sdae.evaluation.svm.features import computed, stratified_order
from sdae.evaluation.svm.layers import NoisyCopies, Question, ask, representations, splits_of
from sdae.models.classifier import Classifier
from sdae.seeds import numpy_generator


@pytest.fixture
def problem(easy):
    problem = easy(value_range=(-2.0, 3.0))
    problem.setup()
    return problem


@pytest.mark.parametrize(
    ("corruption", "level"), [("masking", 0.4), ("salt-and-pepper", 0.3), ("gaussian", 0.5), ("swap", 0.4)]
)
def test_each_example_is_there_with_copies_that_have_noise_of_their_own(problem, corruption, level):
    clean, noisy = splits_of(problem), splits_of(problem, NoisyCopies(3, level, corruption), seed=5)
    back = np.argsort(numpy_generator(5, "noise", "svm", "order").permutation(1200))
    x, t = (array[back] for array in noisy["train"])
    np.testing.assert_array_equal(x[:300], clean["train"][0])
    np.testing.assert_array_equal(t.reshape(4, 300), np.tile(clean["train"][1], (4, 1)))
    copies = x.reshape(4, 300, 16)
    for k in (1, 2, 3):
        changed = copies[k] != copies[0]
        if corruption == "masking":
            assert changed.mean() == pytest.approx(level, abs=0.03)
            assert (copies[k][changed] == 0).all()
        elif corruption == "salt-and-pepper":
            assert set(np.unique(copies[k])) == {-2.0, 3.0}
            assert changed.mean() == pytest.approx(level / 2, abs=0.03)
        elif corruption == "swap":
            assert set(np.unique(copies[k])) == {-2.0, 3.0}
            np.testing.assert_allclose(copies[k].mean(0), copies[0].mean(0), atol=0.5)
        else:
            assert (copies[k] - copies[0]).std() == pytest.approx(level, abs=0.03)
        assert (copies[k] != copies[k - 1]).mean() > 0.1
    for split in ("valid", "test"):
        np.testing.assert_array_equal(noisy[split][0], clean[split][0])


def test_copies_are_the_seeds(problem):
    noise = NoisyCopies(2, 0.4)
    first, same, other = (splits_of(problem, noise, seed)["train"][0] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, same)
    assert (first != other).any()


def test_a_search_on_a_part_of_the_examples_sees_the_noise(problem):
    x, t = splits_of(problem, NoisyCopies(9, 0.4))["train"]
    part = x[stratified_order(t)[:300]]
    clean = {row.tobytes() for row in splits_of(problem)["train"][0]}
    assert 0.8 < np.mean([row.tobytes() not in clean for row in part]) < 0.97  # nine of ten, but for luck


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((0, 0.1), "noisy_copies 0"),
        ((9, 1.1), "noise_level"),
        ((9, -0.1, "gaussian"), "noise_level"),
        ((9, float("nan")), "noise_level"),
    ],
)
def test_noise_out_of_range_is_refused(args, said):
    with pytest.raises(SdaeError, match=said):
        NoisyCopies(*args)


def test_a_layer_is_encoded_and_hashed_with_all_below_it(problem):
    splits, classifier = splits_of(problem), Classifier(16, 2, n_layers=3, n_units=5)
    before = representations(splits, classifier, [0, 1, 2, 3])
    x = splits["test"][0]
    for layer, (encode, _) in before.items():
        expected = classifier.representation(torch.from_numpy(x), layer).detach().numpy()
        np.testing.assert_array_equal(encode(x), expected)
    with torch.no_grad():
        classifier.hidden[1].bias[0] += 1e-3
    after = representations(splits, classifier, [0, 1, 2, 3])
    changed = [before[layer][1] != after[layer][1] for layer in range(4)]
    assert changed == [False, False, True, True]


@pytest.mark.parametrize("split", ["train", "valid", "test"])
@pytest.mark.parametrize("what", [0, 1], ids=["examples", "classes"])
def test_other_data_have_another_hash(problem, split, what):
    splits = splits_of(problem)
    pair = [array.copy() for array in splits[split]]
    pair[what][-1] += 1
    other = {**splits, split: tuple(pair)}
    assert representations(splits, None, [0])[0][1] != representations(other, None, [0])[0][1]


def test_a_large_set_is_searched_on_a_sample_and_the_finalists_are_trained_on_all(problem, tmp_path, monkeypatch):
    monkeypatch.setattr("sdae.evaluation.svm.features.LARGE", 150)
    monkeypatch.setattr("sdae.evaluation.svm.features.SAMPLE", 100)
    monkeypatch.setattr("sdae.evaluation.svm.candidates.KERNEL_ROWS", 150)
    monkeypatch.setattr("sdae.evaluation.svm.machine.KERNEL_ROWS", 150)
    splits = splits_of(problem)
    with (
        computed(tmp_path / "features", splits, np.asarray, "key", "input") as features,
        Candidates(tmp_path / "candidates.jsonl", workers=1) as candidates,
    ):
        answer = ask(features, "rbf", Question(), candidates, "input")
        sample = features.t[:100]
    np.testing.assert_allclose(np.bincount(sample) / 100, np.bincount(splits["train"][1]) / 300, atol=0.011)
    lines = [json.loads(line)["of"] for line in (tmp_path / "candidates.jsonl").read_text().splitlines()]
    asked = Counter((line["trained_on"], line["asked"]) for line in lines)
    assert asked["train", "valid"] == 3
    assert asked["sample", "valid"] == len(lines) - 5
    assert asked["train", "test"] == asked["train and valid", "test"] == 1
    assert answer["searched_on"] == 100
    finalists = [line for line in lines if (line["trained_on"], line["asked"]) == ("train", "valid")]
    assert answer["C"] in [line["C"] for line in finalists]
