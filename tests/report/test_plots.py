"""Which measurement is a point of which curve."""

from made import measured
from sdae.report.plots import lay_out_plots


def panels(name, *measurements):
    return next(plot for plot in lay_out_plots(measurements) if plot.name == name).panels


def test_a_point_is_of_a_setting_that_was_given():
    def at(units, **changes):
        return measured(problem="bg-img-rot", model="SAE-2", settings={"nHUnit": units}, **changes)

    chosen = at(3000, searched=("nHUnit",))
    [panel] = panels("figure10", at(2000), at(1000), chosen)
    [curve] = panel.curves
    assert (curve.label, [point.x for point in curve.points]) == ("SAE-2", [1000, 2000])
    assert panel.x_title == "SAE, units per hidden layer"


def test_figure_11_begins_with_sae():
    sae = measured(problem="bg-img-rot", model="SAE-3", settings={"nHUnit": 2000})
    its = [measured(problem="bg-img-rot", settings={"ν": level}) for level in (0.25, 0.05)]
    free = measured(problem="bg-img-rot", settings={"ν": 0.4}, searched=("ν",))
    [panel] = panels("figure11", *its, sae, free)
    [curve] = panel.curves
    assert [round(point.x) for point in curve.points] == [0, 5, 25]
    assert curve.points[0].ours == sae


def test_figure_12_is_of_1000_units_and_has_the_svm_with_noisy_copies():
    sae = measured(problem="rot", model="SAE-3", settings={"nHUnit": 1000})
    wide = measured(problem="rot", settings={"nHUnit": 2000, "ν": 0.4})
    sdae = measured(problem="rot", settings={"nHUnit": 1000, "ν": 0.25})
    svms = [
        measured(problem="rot", model="SVM-rbf", source="svm", weights="input", settings=settings)
        for settings in ({"C": 1}, {"C": 1, "copies": 9, "ν": 0.1})
    ]
    [panel] = panels("figure12", sae, wide, sdae, *svms)
    assert {curve.label: [point.x for point in curve.points] for curve in panel.curves} == {
        "SDAE-3": [0, 25],
        "SVM-rbf": [0, 10],
    }


def test_figure_13_has_the_papers_numbers_and_the_network():
    stack = measured()
    raw = measured(model="SVM-rbf", source="svm", weights="input")
    layers = [
        measured(model=f"SVM-rbf on layer {k}", source="svm", weights=weights, stack=stack, folder=f"{k}{weights}")
        for k in (1, 2, 3)
        for weights in ("pretrained", "random", "best")
    ]
    [panel] = panels("figure13", raw, *layers)
    points = {curve.label: [point.x for point in curve.points] for curve in panel.curves}
    assert points == {"SVM-rbf": [0, 1, 2, 3], "SVM-rbf, random weights": [0, 1, 2, 3], "SDAE-3, fine-tuned": [3]}
    assert len(panel.paper) == 8
    assert ("SVM-rbf", 3.0) in {(label, x) for label, x, cell in panel.paper if cell.test_error == 0.0122}


def test_the_command_of_figure_13_is_for_the_problems_it_shows():
    layers = [
        measured(problem=problem, model=f"SVM-rbf on layer {k}", source="svm", weights=weights, folder=f"{k}{weights}")
        for problem in ("basic", "rect")
        for k in (1, 2)
        for weights in ("pretrained", "random")
    ]
    [again] = [plot.again for plot in lay_out_plots(layers) if plot.name == "figure13"]
    reproduce, random = again.split("; ")
    assert reproduce == "python src/cli.py reproduce table5 --problems basic rect"
    assert random.endswith("--random_weights true")


def test_claims_are_there_without_a_measurement():
    for plot in lay_out_plots([]):
        assert plot.panels == ()
        assert plot.claims
