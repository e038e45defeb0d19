"""What jobs cost."""

from dataclasses import replace

import pytest

from asked import COSTS, SPEED, asked, named
from sdae.reproduce.cost import PICTURE, Costs, factor_seen
from sdae.results.scan import scan
from stored import store


def test_a_larger_network_and_a_longer_training_cost_more():
    [job] = asked("table3", problems=["basic"], methods=["sdae-3"])
    few, more, all_of_them = (COSTS.wall(job, 0, n) for n in (1, 2, job.trials))
    assert 0 < few < more < all_of_them
    assert COSTS.wall(job, 1, 2) < more
    [mnist] = asked("table3", problems=["mnist"], methods=["sdae-3"])
    assert COSTS.wall(mnist, 0, 2) > 4 * more
    assert SPEED.rbm > 0


def test_examples_folds_and_workers_count():
    [rect] = asked("table3", problems=["rect"], methods=["sdae-3"])
    trial = COSTS.trial("rect", rect.network, rect.network.fine_tuning, rect.given[0])
    assert COSTS.trial("rect-img", rect.network, rect.network.fine_tuning, rect.given[0]) == pytest.approx(10 * trial)
    fewer = replace(COSTS, train_size=500)
    assert fewer.trial("rect", rect.network, rect.network.fine_tuning, rect.given[0]) == pytest.approx(trial / 2)
    assert replace(COSTS, workers=4).wall(rect, 0, 2) == pytest.approx(COSTS.wall(rect, 0, 2) / 2)
    svms = named("table3", methods=["svm"])
    assert COSTS.wall(svms["tzanetakis/SVM-rbf"]) > 5 * COSTS.wall(svms["convex/SVM-rbf"])


def test_an_mlp_has_no_pretraining_to_pay_for():
    sdae, mlp = (asked("table3", problems=["rect"], methods=[method])[0] for method in ("sdae-3", "mlp-3"))
    cell = {**sdae.given[0], "nEpoq": 0}
    without = replace(COSTS, speed=replace(SPEED, autoencoder=0.0))
    patient = mlp.network.fine_tuning
    assert COSTS.trial("rect", mlp.network, patient, cell) == without.trial("rect", mlp.network, patient, cell)


def test_a_picture_costs_what_its_file_says_of_the_network():
    jobs = named("figure5") | named("figure8")
    narrow, wide = jobs["figure5/figure5-under-complete"], jobs["figure5/figure5-over-complete"]
    assert (narrow.network.n_units, wide.network.n_units, wide.network.n_layers) == (50, 200, 1)
    assert (wide.problem, wide.network.pretraining.epochs, wide.network.pretraining.batch_size) == (
        "natural-patches",
        5,
        1,
    )
    slow = Costs(replace(SPEED, autoencoder=1.0), workers=1)  # far above what an update takes at least
    assert slow.wall(wide) == pytest.approx(4 * slow.wall(narrow))
    longer = replace(wide, network=replace(wide.network, pretraining=replace(wide.network.pretraining, epochs=10)))
    assert slow.wall(longer) == pytest.approx(2 * slow.wall(wide))
    assert COSTS.wall(jobs["figure8"]) == PICTURE


def test_an_rbm_s_picture_costs_what_an_rbm_does():
    jobs = named("figure15")
    slow = {kind: Costs(replace(SPEED, **{kind: 1.0}), workers=1) for kind in ("rbm", "autoencoder")}
    dbn, sdae = jobs["figure15/figure15-dbn"], jobs["figure15/figure15-sdae"]
    assert slow["rbm"].wall(dbn) > 100 * slow["autoencoder"].wall(dbn)
    assert slow["autoencoder"].wall(sdae) > 100 * slow["rbm"].wall(sdae)


def test_trials_that_were_run_here_correct_the_estimate(tmp_path):
    store(tmp_path / "search", done=2)
    [study] = scan([tmp_path]).studies
    [job] = asked("table3", problems=["rect"], methods=["sdae-3"])
    estimate = COSTS.trial("rect", job.network, job.network.fine_tuning, study.trials[0]["params"])
    trials = [{**study.trials[0], "seconds": factor * estimate} for factor in (1.0, 3.0, 9.0)]
    fine_tuning = {"learning_rate": 0.1}
    seen = replace(study, trials=trials, fine_tuning=fine_tuning)
    assert factor_seen(COSTS, [job], [seen]) == pytest.approx(3.0)
    assert factor_seen(COSTS, [job], [replace(seen, trials=trials[:2])]) == 1.0  # too few
    assert factor_seen(COSTS, [job], [replace(seen, fine_tuning=None)]) == 1.0  # kept: of another machine, perhaps
    assert factor_seen(COSTS, [job], [replace(seen, problem="basic")]) == 1.0
    assert factor_seen(COSTS, [job], [replace(seen, labels=100)]) == 1.0  # an epoch has a tenth of the updates
    minibatches = [{**trial, "params": {**trial["params"], "batch": 20}} for trial in trials]
    online = [{**trial, "params": {**trial["params"], "batch": 1}} for trial in trials]
    assert factor_seen(COSTS, [job], [replace(seen, trials=minibatches)]) == 1.0
    fixed = {**fine_tuning, "batch_size": 20}
    assert factor_seen(COSTS, [job], [replace(seen, fine_tuning=fixed)]) == 1.0
    assert factor_seen(COSTS, [job], [replace(seen, pretraining={"batch_size": 20})]) == 1.0
    assert factor_seen(COSTS, [job], [replace(seen, trials=online, fine_tuning=fixed)]) == pytest.approx(3.0)
