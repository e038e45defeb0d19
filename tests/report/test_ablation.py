"""Which study is a row of the ablation, and what stands in it."""

import json
from datetime import date

from made import RESULT, answer, write_run, write_svm
from sdae.report.assembly import assemble
from sdae.report.gather import gather
from sdae.report.markdown import markdown
from sdae.report.page import page


def write_study(folder, rate, batch, run, n=0):
    """Add a study of one point to a sweep's ``studies.json``."""
    row = f"{folder.name}/rect/SDAE-3/lRate={rate}/batch={batch}"
    chosen = {"folder": f"{batch}-{rate}/trial-0000", "params": {"lRate": rate, "batch": batch}}
    record = {"name": row, "row": row, "sweep": folder.name, "problem": "rect", "method": "SDAE-3", "fold": None}
    record |= {"point": {"lRate": rate, "batch": batch}, "axes": {}, "searched": ["lRateSup"], "train_size": None}
    record |= {"labels": None, "budget": 1, "trials": []}
    record["result"] = {"trials": {"complete": 1}, "seconds": 1.0, "chosen": chosen if run else None, "run": run}
    file = folder / "studies.json"
    folder.mkdir(exist_ok=True)
    file.write_text(json.dumps([*(json.loads(file.read_text()) if file.is_file() else []), record]))
    if run:
        write_run(folder / chosen["folder"], **run)
    return folder / chosen["folder"]


def test_a_study_at_a_rate_and_a_batch_size_is_a_row_with_the_svms_of_its_layers(tmp_path):
    sweep = tmp_path / "ablation-rect"
    write_study(sweep, 0.05, 20, None)
    run = write_study(sweep, 0.05, 1, {**RESULT, "test_error": 0.0179})
    write_svm(run, [answer(1, "pretrained", 0.06, "linear"), answer(2, "random", 0.5, "linear")])
    found = gather([tmp_path])
    shown = assemble(found, [tmp_path], date(2026, 11, 25))
    paper, online, minibatch = shown.ablation.rows
    assert paper[:6] == ("rect", "SDAE-3", "the paper's", "", "", "1.99 ± 0.12")
    assert paper[6] == "6.43 ± 0.22"
    assert online[2:9] == ("0.05", "1", "0.50", "1.79 ± 0.13", "6.00 ± 0.10", "–", "–")
    assert minibatch[2:6] == ("0.05", "20", "–", "diverged")
    assert not shown.left_aside  # the table says that it diverged
    assert found.measurements == []  # nor is it in the paper's tables and figures, where it would fill cells
    assert shown.ablation.again == ("python src/cli.py sweep --config sweeps/ablation-rect.yaml",)
    text = markdown(shown, tmp_path / "RESULTS.md")
    assert "| rect | SDAE-3 | 0.05 | 1 | 0.50 | 1.79 ± 0.13 |" in text
    assert text.index("minibatches of 20\n") < text.index("Reproduce with: `python src/cli.py sweep")
    assert "1.79 ± 0.13" in page(shown)


def test_without_such_studies_there_is_no_section(tmp_path):
    write_run(tmp_path / "a")
    shown = assemble(gather([tmp_path]), [tmp_path], date(2026, 11, 25))
    assert shown.ablation is None
    assert "minibatches" not in markdown(shown, tmp_path / "RESULTS.md")
