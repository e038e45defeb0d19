"""How fast this machine is."""

from sdae.reproduce.speed import measure_speed


def test_speed_is_measured_with_our_own_steps():
    speed = measure_speed(1, seconds=0.5)  # the fastest of many blocks
    assert 1e-6 < speed.autoencoder < 1
    assert speed.autoencoder < 2 * speed.fine_tuning < 2
    assert speed.rbm > 0
