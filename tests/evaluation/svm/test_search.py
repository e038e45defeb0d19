"""The search for C and γ, on surfaces whose lowest point is known."""

import math

import pytest

from sdae.errors import SdaeError
from sdae.evaluation.svm.search import Candidate, Grid, search

UNIT = 0.0134423


class Valley:
    """Errors that rise with the distance, in decades, from a lowest point; counts what is measured."""

    def __init__(self, C, multiple=None, floor=0.0):
        self.C, self.multiple, self.floor, self.measured = C, multiple, floor, []

    def __call__(self, cells):
        assert len(set(cells)) == len(cells)
        self.measured += cells
        return {cell: self.error(cell) for cell in cells}

    def error(self, cell):
        far = math.log10(cell.C / self.C) ** 2
        if cell.gamma is not None:
            far += math.log10(cell.gamma / UNIT / self.multiple) ** 2
        return round(1000 * max(self.floor, far))


def half_decades(value, wanted):
    return abs(math.log10(value / wanted)) / 0.5


@pytest.mark.parametrize("C", [1e-4, 0.01, 0.03, 0.2, 5, 40, 1000, 2e5])
def test_linear_finds_the_lowest_point_to_a_quarter_of_a_decade(C):
    valley = Valley(C)
    chosen = search("linear", Grid(), UNIT, valley)
    assert chosen.gamma is None
    assert half_decades(chosen.C, C) <= 0.51


@pytest.mark.parametrize("C", [0.02, 3, 7000])
@pytest.mark.parametrize("multiple", [0.002, 0.03, 0.5, 2, 60])
def test_rbf_finds_it_in_both_directions_and_beyond_the_grids_edges(C, multiple):
    valley = Valley(C, multiple)
    chosen = search("rbf", Grid(), UNIT, valley)
    assert half_decades(chosen.C, C) <= 0.51
    assert half_decades(chosen.gamma / UNIT, multiple) <= 0.51
    assert len(set(valley.measured)) == len(valley.measured)
    assert valley.error(chosen) == min(map(valley.error, valley.measured))


@pytest.mark.parametrize(("lowest", "highest"), [(1e-4, 1), (0.01, 1), (0.1, 10), (1, 100), (40, 1000)])
def test_the_linear_grid_ends_after_two_successive_values_of_c_with_more_errors(lowest, highest):
    valley = Valley(lowest)
    search("linear", Grid(), UNIT, valley)
    assert max(cell.C for cell in valley.measured) == highest


def test_an_error_that_rises_once_or_stays_equal_does_not_end_the_linear_grid():
    errors = {0.01: 4, 0.1: 5, 1.0: 4, 10.0: 5, 100.0: 4, 1000.0: 3}
    chosen = search("linear", Grid(fine=False), UNIT, lambda cells: {cell: errors[cell.C] for cell in reversed(cells)})
    assert chosen.C == 1000


def test_between_equals_the_smaller_c_and_then_the_smaller_gamma():
    valley = Valley(10, 1, floor=1)  # everything within a decade is equal
    chosen = search("rbf", Grid(), UNIT, valley)
    lowest = [cell for cell in valley.measured if valley.error(cell) == 1000]
    assert len(lowest) > 5
    assert chosen == min(lowest, key=lambda cell: (cell.C, cell.gamma))
    assert chosen.C == 1


def test_where_nothing_differs_it_ends_within_bounds():
    valley = Valley(1, 1, floor=100)
    chosen = search("rbf", Grid(), UNIT, valley)
    assert math.log10(chosen.C) == pytest.approx(-5)
    assert {round(math.log10(cell.C) * 2) for cell in valley.measured} <= set(range(-10, 13))


def test_a_grid_alone_is_all_that_is_measured():
    valley = Valley(3, 0.3)
    chosen = search("rbf", Grid((1, 10), (0.1, 1.0), fine=False), UNIT, valley)
    expected = [(C, multiple * UNIT) for multiple in (0.1, 1.0) for C in (1, 10)]
    assert [(cell.C, pytest.approx(cell.gamma, rel=1e-4)) for cell in valley.measured] == expected
    assert chosen in valley.measured


def test_what_is_chosen_can_be_copied_from_five_digits():
    chosen = search("rbf", Grid(), UNIT, Valley(3, 0.3))
    assert chosen == Candidate("rbf", float(f"{chosen.C:.5g}"), float(f"{chosen.gamma:.5g}"))


@pytest.mark.parametrize("value", [0.0, -1.0, math.inf, math.nan, 1e10])
@pytest.mark.parametrize("name", ["C", "gamma"])
def test_values_that_no_machine_can_have_are_refused(name, value):
    with pytest.raises(SdaeError, match=f"^{name} "):
        Grid(**{name: (1.0, value)})


@pytest.mark.parametrize("name", ["C", "gamma"])
def test_an_empty_grid_is_refused(name):
    with pytest.raises(SdaeError, match=f"^{name}: at least one"):
        Grid(**{name: ()})
