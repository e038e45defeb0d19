"""A recipe without an end: a larger set begins with the smaller one."""

import numpy as np

from sdae.data.generated.endless import Endless
from sdae.data.registry import Sizes


class Coins(Endless):
    name, sizes, n_features = "coins", Sizes(25, 5, 5), 3
    block_size = 10

    def block(self, split, number, random):
        return random.integers(0, 2, (10, self.n_features), dtype=np.uint8), np.full(10, number, dtype=np.uint8)


def test_a_set_is_drawn_in_blocks_of_streams_of_their_own(tmp_path):
    coins = Coins(tmp_path)
    x, t = coins.draw(25, "train")
    assert x.shape == (25, coins.n_features)
    assert t.tolist() == [0] * 10 + [1] * 10 + [2] * 5
    shorter, _ = coins.draw(12, "train")
    assert np.array_equal(shorter, x[:12])
    assert not np.array_equal(x[:10], x[10:20])
    other, _ = coins.draw(12, "valid")
    assert not np.array_equal(other, shorter)
