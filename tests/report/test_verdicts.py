"""How comparisons are counted for and against the paper's claims."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from made import measured
from sdae.report.assembly import assemble
from sdae.report.content import Counts
from sdae.report.gather import Found
from sdae.report.marks import Error
from sdae.report.verdicts import count


def verdicts_of(*measurements):
    """Return the verdicts of some measurements, by claim."""
    shown = assemble(Found(measurements=list(measurements)), [Path("runs")], date(2026, 11, 25))
    return {one.claim: one for one in shown.verdicts}


def test_a_difference_counts_where_intervals_do_not_overlap():
    low, near, high = Error(0.02, 0.002), Error(0.023, 0.002), Error(0.03, 0.002)
    assert count([(low, high), (high, low), (low, near), (None, low), (low, None)]) == Counts(1, 1, 1)
    assert count([]) == Counts(0, 0, 0)


def test_tables_are_compared_problem_by_problem_and_so_are_the_papers():
    verdicts = verdicts_of(
        measured(model="SDAE-3", test_error=0.02),
        measured(model="SAE-3", test_error=0.03),
        measured(model="DBN-3", test_error=0.0201),
        measured(model="SDAE-3", problem="basic", test_error=0.05),
        measured(model="SAE-3", problem="basic", test_error=0.03),
    )
    assert verdicts["SDAE-3 is better than SAE-3"].ours == Counts(1, 0, 1)
    assert verdicts["SDAE-3 is as good as or better than DBN-3"].ours == Counts(0, 1, 0)
    assert verdicts["SDAE-3 is better than SVM-rbf"].ours == Counts(0, 0, 0)
    # In the paper SDAE-3 is better on both, by 2.41 ± 0.13 − 1.99 ± 0.12 and 3.46 ± 0.16 − 2.84 ± 0.15.
    assert verdicts["SDAE-3 is better than SAE-3"].paper == Counts(2, 0, 0)
    assert verdicts["SDAE-3 is better than SVM-rbf"].paper == Counts(0, 0, 0)


def test_a_layer_is_compared_with_the_one_below_and_the_top_with_the_input():
    svms = [measured(model="SVM-rbf", source="svm", test_error=0.04, weights="input")]
    for layer, error in enumerate((0.03, 0.02, 0.025), 1):
        svm = measured(model=f"SVM-rbf on layer {layer}", source="svm", test_error=error, weights="pretrained")
        svms.append(replace(svm, stack=measured()))
    verdicts = verdicts_of(*svms)
    assert verdicts["an SVM on layer 3 is better than one on the input"].ours == Counts(1, 0, 0)
    assert verdicts["an SVM on a layer is better than one on the layer below"].ours == Counts(2, 0, 1)


def test_levels_of_noise_are_compared_with_none_and_with_noisy_inputs():
    at = {"nHUnit": 1000}
    verdicts = verdicts_of(
        measured(problem="basic", model="SAE-3", settings=at, test_error=0.035),
        *(
            measured(problem="basic", model=model, settings=at | {"ν": level}, point={"ν": level}, test_error=error)
            for model, level, error in (
                ("SDAE-3", 0.1, 0.03),
                ("SDAE-3", 0.25, 0.0351),
                ("SAE-3(1)", 0.1, 0.034),
                ("SAE-3(2)", 0.25, 0.02),
            )
        ),
    )
    assert verdicts["SDAE is better than SAE, at each noise level"].where == "section 6.3, Figures 11 and 12"
    assert verdicts["SDAE is better than SAE, at each noise level"].ours == Counts(1, 1, 0)
    assert verdicts["denoising beats training with noisy inputs"].ours == Counts(1, 0, 1)
    assert verdicts["denoising beats training with noisy inputs"].paper is None
