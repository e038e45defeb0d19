"""Which measurement is a point of which curve."""

from made import measured
from sdae.report.content import Panel
from sdae.report.plots import lay_out_plots


def panels(name, *measurements):
    return next(plot for plot in lay_out_plots(measurements) if plot.name == name).panels


def points(panel: Panel) -> dict[str, list[int]]:
    return {curve.label: [round(point.x) for point in curve.points] for curve in panel.curves}


def hard(model="SDAE-3", point=None, **changes):
    """Return a study of bg-img-rot, at a point, or a single run."""
    settings = {"nHUnit": 1000, **(point or {}), **changes.pop("settings", {})}
    return measured(problem="bg-img-rot", model=model, point=point or {}, settings=settings, **changes)


def test_figure_10_is_of_studies_of_a_number_of_units():
    at = [hard("SAE-2", {"nHUnit": units}) for units in (2000, 1000)]
    chosen = hard("SAE-2", settings={"nHUnit": 3000}, searched=("nHUnit",))
    [panel] = panels("figure10", *at, chosen)
    assert points(panel) == {"SAE-2": [1000, 2000]}
    assert panel.x_title == "SAE, units per hidden layer"


def test_figure_10_has_no_study_of_a_noise_level():
    its = [hard("SDAE-3", {"nHUnit": units}, settings={"ν": 0.25}, test_error=0.5) for units in (1000, 2000)]
    noisy = hard("SDAE-3", {"ν": 0.6}, settings={"nHUnit": 1000}, trials=99)
    [panel] = panels("figure10", noisy, *its)
    assert [point.ours for point in panel.curves[0].points] == its


def test_single_runs_fill_places_without_a_study_where_the_other_setting_is_the_same():
    its = [hard("SDAE-3", {"nHUnit": units}, settings={"ν": 0.25}) for units in (1000, 2000)]
    runs = [
        hard(settings={"nHUnit": units, "ν": level}, source="run", trials=1)
        for units, level in ((2000, 0.25), (3000, 0.25), (2500, 0.1), (2600, [0.1, 0.2, 0.3]))
    ]
    [panel] = panels("figure10", *runs, *its)
    assert points(panel) == {"SDAE-3": [1000, 2000, 3000]}
    assert panel.curves[0].points[1].ours == its[1]
    wide = [hard(settings={"nHUnit": 2000, "ν": level}, source="run") for level in (0.1, 0.25)]
    narrow = hard(settings={"nHUnit": 1000, "ν": 0.4}, source="run")
    [panel] = panels("figure11", narrow, *wide)
    assert points(panel) == {"SDAE-3": [10, 25]}


def test_figures_10_and_11_share_studies_that_have_both_axes():
    at = [hard("SDAE-3", {"nHUnit": units, "ν": 0.25}, sweep="s") for units in (500, 1000)]
    at += [hard("SDAE-3", {"nHUnit": 1000, "ν": level}, sweep="s") for level in (0.1, 0.4)]
    sae = [hard("SAE-3", {"nHUnit": units}, sweep="s") for units in (500, 1000)]
    elsewhere = hard("SAE-3", sweep="t", trials=50)
    draws = hard("SDAE-3", {"ν": 0.6, "draw": 1}, sweep="s")
    found = [*at, *sae, elsewhere, draws]
    by_units = panels("figure10", *found)
    assert [points(panel) for panel in by_units] == [{"SAE-3": [500, 1000]}, {"SDAE-3": [500, 1000]}]
    assert [point.ours for point in by_units[1].curves[0].points] == at[:2]
    [panel] = panels("figure11", *found)
    assert points(panel) == {"SDAE-3": [0, 10, 25, 40]}
    assert panel.curves[0].points[0].ours == sae[1]


def test_a_list_of_units_or_noise_levels_is_no_place():
    runs = [hard(settings={"nHUnit": [1000, 500, 500], "ν": [0.1, 0.2, 0.3]}, source="run", folder=f) for f in "ab"]
    assert panels("figure10", *runs) == panels("figure11", *runs) == ()
    basic = measured(problem="basic", settings={"nHUnit": 1000, "ν": [0.1, 0.2, 0.3]}, source="run")
    assert panels("figure12", basic, measured(problem="basic", model="SAE-3", settings={"nHUnit": 1000})) == ()


def test_a_curve_of_a_single_point_is_not_drawn():
    assert panels("figure10", hard("SAE-2", {"nHUnit": 1000})) == ()
    assert panels("figure11", hard("SDAE-3", {"ν": 0.1})) == ()
    assert panels("figure11", hard("SAE-3")) == ()


def test_figure_11_begins_with_sae_of_the_same_sweep_and_units():
    its = [hard("SDAE-3", {"ν": level}, sweep="figure11") for level in (0.25, 0.05)]
    sae = hard("SAE-3", sweep="figure11", trials=2)
    others = [
        hard("SAE-3", sweep="table3", trials=50),
        hard("SAE-3", {"nHUnit": 1000}, sweep="figure11", trials=50),
        hard("SAE-3", sweep="figure11", settings={"nHUnit": 2000}),
    ]
    free = hard("SDAE-3", settings={"ν": 0.4}, searched=("ν",))
    by_units = hard("SDAE-3", {"nHUnit": 1000}, settings={"ν": 0.3})
    wide = hard("SDAE-3", {"ν": 0.5}, settings={"nHUnit": 2000})
    [panel] = panels("figure11", *others, *its, sae, free, by_units, wide)
    assert points(panel) == {"SDAE-3": [0, 5, 25]}
    assert panel.curves[0].points[0].ours == sae
    [panel] = panels("figure11", *its, others[0])
    assert panel.curves[0].points[0].ours == others[0]  # where the sweep has none


def rot(model="SDAE-3", level=None, **changes):
    settings = {"nHUnit": 1000, **({} if level is None else {"ν": level}), **changes.pop("settings", {})}
    point = {} if level is None else {"ν": level}
    return measured(problem="rot", model=model, point=point, settings=settings, **changes)


def noisy_svm(**changes):
    changes = {"settings": {"C": 1, "copies": 9, "ν": 0.1}} | changes
    return measured(problem="rot", model="SVM-rbf", source="svm", weights="input", **changes)


def test_figure_12_is_of_1000_units_and_has_the_svm_with_noisy_copies():
    wide = rot(level=0.4, settings={"nHUnit": 2000})
    raw = noisy_svm(settings={"C": 1}, corruption=None)
    few = noisy_svm(settings={"C": 1, "copies": 1, "ν": 0.2})
    other = noisy_svm(settings={"C": 1, "copies": 9, "ν": 0.3}, corruption="salt-and-pepper")
    gaussian = noisy_svm(settings={"C": 1, "copies": 9, "σ": 0.3}, corruption="gaussian")
    [panel] = panels("figure12", rot("SAE-3"), wide, rot(level=0.25), raw, noisy_svm(), few, other, gaussian)
    assert points(panel) == {"SDAE-3": [0, 25], "SVM-rbf": [0, 10]}
    assert panel.curves[1].points[0].ours == raw


def test_figure_12s_noisy_inputs_are_masked():
    masked = [rot("SAE-3(1)", level) for level in (0.1, 0.25)]
    other = rot("SAE-3(1)", 0.4, corruption="salt-and-pepper")
    [panel] = panels("figure12", *masked, other)
    assert points(panel) == {"SAE-3(1)": [10, 25]}


def on_layers(kinds=("pretrained", "random", "best"), stack=None, **changes):
    return [
        measured(
            model=f"SVM-rbf on layer {k}",
            source="svm",
            weights=weights,
            stack=stack or measured(),
            folder=f"{k}{weights}",
            **changes,
        )
        for k in (1, 2, 3)
        for weights in kinds
    ]


def test_figure_13_has_the_papers_numbers_and_the_network():
    raw = measured(model="SVM-rbf", source="svm", weights="input")
    [panel] = panels("figure13", raw, *on_layers())
    layers = [0, 1, 2, 3]
    assert points(panel) == {"SVM-rbf": layers, "SVM-rbf, random weights": layers, "SDAE-3, fine-tuned": [3]}
    assert len(panel.paper) == 8
    assert ("SVM-rbf", 3.0) in {(label, x) for label, x, cell in panel.paper if cell.test_error == 0.0122}


def test_bars_of_a_cross_validation_are_said_to_be_deviations():
    def bars(*svms):
        [plot] = [plot for plot in lay_out_plots(svms) if plot.name == "figure13"]
        return plot.bars

    assert bars(*on_layers()) == "95 % intervals"
    folds = on_layers(problem="tzanetakis", folds=10, stack=measured(problem="tzanetakis", folds=10))
    assert bars(*on_layers(), *folds) == "95 % intervals, on tzanetakis the standard deviation over the folds"


def test_figure_13_is_of_table_5s_networks():
    stack = measured(trials=2)
    others = [
        measured(model="DBN-3", trials=99),
        measured(settings={"nHUnit": 2000}, trials=99),
        measured(point={"lRate": 0.05, "batch": 1}, trials=99),
    ]
    svms = [svm for other in others for svm in on_layers(stack=other, point=other.point)]
    assert panels("figure13", *svms) == ()
    [panel] = panels("figure13", *svms, *on_layers(stack=stack))
    assert {point.ours.stack.model for curve in panel.curves[:2] for point in curve.points} == {"SDAE-3"}
    assert panel.curves[-1].label == "SDAE-3, fine-tuned"
    assert panel.curves[-1].points[0].ours == stack


def test_the_command_of_figure_13_is_for_the_problems_it_shows():
    layers = [
        measured(
            problem=problem,
            model=f"SVM-rbf on layer {k}",
            source="svm",
            weights=weights,
            stack=measured(),
            folder=f"{k}{weights}",
        )
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
