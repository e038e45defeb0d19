"""What a sweep file's methods do not have, or what excludes one another, is refused before anything starts."""

import pytest

from sdae.errors import SdaeError


@pytest.mark.parametrize(
    ("axis", "said"),
    [
        ("σ", "each: σ is not considered for sdae-1, mlp-1; choose among nHUnit, lRate, lRateSup, nEpoq, ν"),
        ("batch", "nEpoq, ν, or give values in space.batch"),
        ("nHLay", "nEpoq, ν, or give values in space.nHLay"),
    ],
)
def test_an_axis_that_no_method_considers_is_refused(of, axis, said):
    with pytest.raises(SdaeError) as error:
        of(studies=[{"problems": ["rect"], "methods": ["sdae-1", "mlp-1"], "each": [axis]}])
    assert str(error.value).endswith(said)


@pytest.mark.parametrize(
    ("method", "axis", "setting"),
    [
        ("sdae-3", "nHUnit", "model.n_units"),
        ("sdae-3", "nEpoq", "pretraining.epochs"),
        ("sdae-3", "batch", "pretraining.batch_size"),
        ("sdae-3", "batch", "fine_tuning.batch_size"),
        ("sae-3-noisy-2", "ν", "pretraining.noise_level"),
        ("sae-3-noisy-2", "ν", "fine_tuning.noise_level"),
    ],
)
def test_a_setting_that_an_axis_would_override_is_refused(of, method, axis, setting):
    section, _, key = setting.partition(".")
    with pytest.raises(
        SdaeError, match=rf"^settings.{setting}: is searched, as {axis}; give its values in space.{axis}"
    ):
        of(
            space={axis: [0.2] if axis == "ν" else [5]},
            settings={section: {key: 0.3 if axis == "ν" else 10}},
            studies=[{"problems": ["rect"], "methods": [method]}],
        )


@pytest.mark.parametrize(
    ("method", "setting", "said"),
    [
        ("dbn-3", {"tied": False}, "settings.pretraining.tied: has no effect on an RBM; leave it out"),
        ("mlp-3", {"weight_decay": 0.1}, "settings.pretraining.weight_decay: has no effect on an MLP"),
        ("sae-1", {"corruption": "gaussian"}, "settings.pretraining.corruption: has no effect where pretraining."),
    ],
)
def test_a_setting_that_no_method_has_is_refused(of, method, setting, said):
    part = {"problems": ["rect"], "methods": [method], "settings": {"pretraining": setting}}
    with pytest.raises(SdaeError) as error:
        of(studies=[part])
    assert str(error.value).startswith(said)
    assert len(of(studies=[{**part, "methods": [method, "sdae-1"]}])) == 2 or method == "dbn-3"


def test_values_that_no_method_of_the_sweep_has_are_refused(of):
    mlp, sdae = ({"problems": ["rect"], "methods": [method]} for method in ("mlp-1", "sdae-1"))
    with pytest.raises(SdaeError, match="^space.ν: no method of the sweep has it; leave it out"):
        of(space={"ν": [0.1]}, studies=[mlp])
    assert len(of(space={"ν": [0.1]}, studies=[mlp, sdae])) == 2
