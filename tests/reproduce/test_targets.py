"""What each table and figure needs."""

import pytest

from sdae.cli.names import known
from sdae.errors import SdaeError
from sdae.reproduce.figures import FIGURES, SECONDS
from sdae.reproduce.targets import LAYERS, TABLE_4, TARGETS, jobs


def test_table_3_is_five_methods_and_an_svm_for_ten_problems():
    its = jobs("table3")
    assert len(its) == 10 * 6
    assert {job.problem for job in its} == set(known("data")) - {"natural-patches"}
    assert {job.method for job in its if job.problem == "tzanetakis"} == {
        "sdae-3-gaussian",
        "sae-3",
        "dbn-3",
        "mlp-3",
        "dbn-1",
        "svm",
    }


def test_methods_are_shipped():
    shipped = set(known("method"))
    for target in TARGETS:
        assert {job.method for job in jobs(target) if job.kind == "study"} <= shipped


def test_figures_count_their_points():
    def studies(target):
        n = 0
        for job in jobs(target):
            points = 1
            for values in job.each.values():
                points *= len(values)
            n += points
        return n

    assert studies("figure10") == 27  # three families, depths and widths
    assert studies("figure11") == 3 + 3 * 9
    assert studies("figure12") == 3 * (1 + 3 * 3)


def test_table_5_is_of_1000_units():
    study, layers = jobs("table5", ["basic"])
    assert study.fixed == {"nHUnit": [1000.0]}
    assert layers.method == LAYERS


def test_all_is_everything_once():
    every = jobs("all")
    assert len({job.key for job in every}) == len(every)
    assert {job.key for target in TARGETS for job in jobs(target)} == {job.key for job in every}
    assert set(FIGURES) == {job.problem for job in every if job.kind == "picture"} == set(SECONDS)
    assert {job.method for job in jobs("table4", ["rot"]) if job.kind == "study"} == set(TABLE_4)


def test_strange_names_are_refused_with_the_choices():
    with pytest.raises(SdaeError, match="reproduce table7: no such target; choose one of table3, table4"):
        jobs("table7")
    with pytest.raises(SdaeError, match="--problems mist: not of table4; choose among basic, rot, bg-rand"):
        jobs("table4", ["mist"])
    with pytest.raises(SdaeError, match="--methods sdae: not of table3"):
        jobs("table3", None, ["sdae"])
