"""The numbers of samples on screen."""

from pathlib import Path

from sdae.evaluation.sample_report import shown_on_screen

NUMBERS = {"label_error": 0.04, "interval": 0.01, "distance": 3.14159, "variability": None}


def test_runs_and_real_examples_stand_in_one_table():
    run = {"run": "runs/a", "method": "SDAE-3", "pretrained_with": "masking ν = 25 %", **NUMBERS}
    content = {
        "problem": "mnist",
        "note": "a note",
        "judged": 10,
        "real": {**NUMBERS, "label_error": None, "interval": None},
        "runs": [run],
        "classifier": {"C": 10.0, "gamma": 0.02, "training_examples": 10000},
    }
    text = shown_on_screen(content, Path("s.png"), Path("s.json"))
    assert "4.00 ± 1.00 %  3.14" in text
    assert "real test examples" in text
    assert "trained on 10,000 other training examples" in text
    assert text.endswith("a note\n\ns.png, s.json")
    without_test_set = {key: value for key, value in content.items() if key != "real"}
    assert "real test examples" not in shown_on_screen(without_test_set, Path("s.png"), Path("s.json"))
    assert "numbers alone" in shown_on_screen({**content, "note": None}, None, Path("s.json"))
