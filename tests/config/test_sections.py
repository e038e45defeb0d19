"""Sections of a configuration."""

from sdae.config.sections import differing, flat, merged, put


def test_sections_are_merged_at_every_depth_and_left_as_they_were():
    below = {"data": {"class_path": "Rect", "init_args": {"seed": 1, "root": "a"}}, "seed": 1}
    above = {"data": {"init_args": {"seed": 2}}, "model": {"n_units": 3}}
    assert merged(below, above) == {
        "data": {"class_path": "Rect", "init_args": {"seed": 2, "root": "a"}},
        "seed": 1,
        "model": {"n_units": 3},
    }
    assert below["data"]["init_args"] == {"seed": 1, "root": "a"}
    assert merged({"a": {"b": 1}}, {"a": None}) == {"a": None}


def test_leaves_have_dotted_keys():
    assert flat({"a": {"b": 1, "c": {"d": 2}}, "e": [3]}) == {"a.b": 1, "a.c.d": 2, "e": [3]}
    assert flat({"a": {"b": 1}, "c": {"d": 2}}, whole=("c",)) == {"a.b": 1, "c": {"d": 2}}


def test_a_value_is_put_below_sections_that_may_be_missing():
    config = {"a": {"b": 1}, "c": None}
    for key in ("a.b", "c.d.e", "f"):
        put(config, key, 2)
    assert config == {"a": {"b": 2}, "c": {"d": {"e": 2}}, "f": 2}


def test_the_first_key_that_differs_is_named():
    kept, wanted = {"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"b": 1, "c": 3}, "d": 4}
    assert differing(kept, wanted, but=()) == "a.c"
    assert differing(kept, wanted, but=("a",)) == "d"
    assert differing(kept, wanted, but=("a.c", "d")) is None
    assert differing({}, {"d": 3}, but=()) == "d"
