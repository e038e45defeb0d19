"""Which study is a row of the ablation, and what stands in it."""

import json
from datetime import date

from made import RESULT, answer, write_run, write_svm
from sdae.report.assembly import assemble
from sdae.report.gather import gather
from sdae.report.markdown import markdown
from sdae.report.page import page


def write_study(folder, rate, batch, run, **result):
    """Add a study of one point to a sweep's ``studies.json``."""
    row = f"{folder.name}/rect/SDAE-3/lRate={rate}/batch={batch}"
    chosen = {"folder": f"{batch}-{rate}/trial-0000", "params": {"lRate": rate, "batch": batch}}
    record = {"name": row, "row": row, "sweep": folder.name, "problem": "rect", "method": "SDAE-3", "fold": None}
    record |= {"point": {"lRate": rate, "batch": batch}, "axes": {}, "searched": ["lRateSup"], "train_size": None}
    record |= {"labels": None, "budget": 1, "trials": []}
    counts = {"complete": 1 if run else 0, "pruned": 0 if run else 1, "failed": 0}
    record["result"] = {"trials": counts, "seconds": 1.0, "chosen": chosen if run else None, "run": run, **result}
    file = folder / "studies.json"
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([*(json.loads(file.read_text()) if file.is_file() else []), record]))
    if run:
        write_run(folder / chosen["folder"], **run)
    return folder / chosen["folder"]


def test_a_study_at_a_rate_and_a_batch_size_is_a_row_with_the_svms_of_its_layers(tmp_path):
    sweep = tmp_path / "ablation-rect"
    write_study(sweep, 0.05, 20, None)
    run = write_study(sweep, 0.05, 1, {**RESULT, "test_error": 0.0179})
    write_svm(run, [answer(0, "input", 0.1), answer(1, "pretrained", 0.06, "linear"), answer(2, "random", 0.5)])
    found = gather([tmp_path])
    shown = assemble(found, [tmp_path], date(2026, 11, 25))
    paper, online, minibatch = shown.comparisons[0].rows
    assert paper[:6] == ("rect", "SDAE-3", "the paper's", "", "", "1.99 ± 0.12")
    assert paper[6] == "6.43 ± 0.22"
    assert online[2:9] == ("0.05", "1", "0.50", "1.79 ± 0.13", "6.00 ± 0.10", "–", "–")
    assert minibatch[2:6] == ("0.05", "20", "–", "diverged")
    assert not shown.left_aside  # the table says that it diverged
    assert not any(cell.ours for table in shown.tables for cell in table.cells.values())
    assert not any(plot.panels for plot in shown.plots)
    assert shown.comparisons[0].again == ("python src/cli.py sweep --config sweeps/ablation-rect.yaml",)
    text = markdown(shown, tmp_path / "RESULTS.md")
    assert "| rect | SDAE-3 | 0.05 | 1 | 0.50 | 1.79 ± 0.13 |" in text
    assert text.index("minibatches of 20\n") < text.index("Reproduce with: `python src/cli.py sweep")
    assert "1.79 ± 0.13" in page(shown)


def test_only_a_study_whose_trials_diverged_is_said_to(tmp_path):
    sweep = tmp_path / "ablation-rect"
    write_study(sweep, 0.05, 1, None, trials={"complete": 0, "pruned": 1, "failed": 1})
    write_study(sweep, 0.05, 20, None, chosen={"folder": "a", "params": {}}, error="its test failed: OSError: no data")
    found = gather([tmp_path])
    _, failed, untested = assemble(found, [tmp_path], date(2026, 11, 25)).comparisons[0].rows
    assert failed[4:6] == untested[4:6] == ("–", "failed")
    assert [line.partition(": rect")[2] or line.rpartition("batch=")[2] for line in found.left_aside] == [
        "1: no trial was completed: 1 pruned and 1 failed",
        "20: its test failed: OSError: no data",
    ]


def test_a_kept_copy_is_the_same_row(tmp_path):
    run, kept = (write_study(tmp_path / place / "ablation-rect", 0.05, 1, RESULT) for place in ("runs", "results"))
    write_svm(kept, [answer(1, "pretrained", 0.06, "linear")])
    _, row = (
        assemble(gather([tmp_path / "runs", tmp_path / "results"]), [tmp_path], date(2026, 11, 25)).comparisons[0].rows
    )
    assert (row[6], row[-1]) == ("6.00 ± 0.10", f"`{run}`")


def test_without_such_studies_there_is_no_section(tmp_path):
    write_run(tmp_path / "a")
    shown = assemble(gather([tmp_path]), [tmp_path], date(2026, 11, 25))
    assert not shown.comparisons
    assert "minibatches" not in markdown(shown, tmp_path / "RESULTS.md")
