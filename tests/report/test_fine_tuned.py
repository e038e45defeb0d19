"""Which SVMs on fine-tuned layers stand beside Table 5, and what is counted."""

from datetime import date

from made import answer, write_run, write_svm
from sdae.data.registry import PROBLEMS
from sdae.paper.published import published
from sdae.report.assembly import assemble
from sdae.report.gather import gather
from sdae.report.markdown import markdown
from sdae.report.page import page

FIRST, SECOND = "SVM-linear on layer 1", "SVM-linear on layer 2"  # of rect: 6.43 ± 0.22 and 2.31 ± 0.13 in the paper


def shown(folder):
    return assemble(gather([folder]), [folder], date(2026, 11, 25))


def test_a_layer_of_the_network_in_table_5_is_compared_before_and_after(tmp_path):
    run = write_run(tmp_path / "a")
    before = [
        answer(0, "input", 0.3, "linear"),
        answer(1, "pretrained", 0.08, "linear"),
        answer(2, "pretrained", 0.03, "linear"),
    ]
    after = [answer(1, "best", 0.065, "linear"), answer(2, "best", 0.02, "linear"), answer(3, "best", 0.02, "linear")]
    write_svm(run, [*before, *after])
    other = write_run(tmp_path / "b", valid_error=0.3)  # is not in Table 5, and has no row
    write_svm(other, [answer(1, "best", 0.5, "linear")])
    report = shown(tmp_path)
    assert [report.tables[2].cells["rect", model].ours.test_error for model in (FIRST, SECOND)] == [0.08, 0.03]
    assert report.tables[2].cells["rect", "SVM-linear on layer 3"].ours is None  # Table 5 is of layers before it
    [comparison] = report.comparisons
    assert comparison.rows == (
        (
            "rect",
            "linear",
            "1",
            "8.00 ± 0.10 ▲",
            "6.50 ± 0.10 ≈",
            "6.43 ± 0.22",
            "2.21 ± 0.13",
            "1.99 ± 0.12",
            f"`{run}`",
        ),
        (
            "rect",
            "linear",
            "2",
            "3.00 ± 0.10 ▲",
            "2.00 ± 0.10 ▼",
            "2.31 ± 0.13",
            "2.21 ± 0.13",
            "1.99 ± 0.12",
            f"`{run}`",
        ),
    )
    assert "before fine-tuning overlaps the paper's in 0 of 2 rows, after fine-tuning in 1" in comparison.text
    assert "1.13 points before and 0.19 after" in comparison.text  # (1.57 + 0.69) / 2, (0.07 + 0.31) / 2
    assert "6.50 ± 0.10 ≈ | 6.43 ± 0.22" in markdown(report, tmp_path / "RESULTS.md")
    assert 'id="fine-tuned"' in page(report)


def test_without_such_svms_there_is_no_section(tmp_path):
    write_svm(write_run(tmp_path / "a"), [answer(1, "pretrained", 0.06, "linear")])
    assert shown(tmp_path).comparisons == ()


def test_what_the_text_says_of_the_papers_numbers():
    far = {
        problem: 100
        * (published(problem, "SVM-linear on layer 3").test_error - published(problem, "SDAE-3").test_error)
        for problem in PROBLEMS
    }
    assert round(far.pop("tzanetakis")) == -11
    assert max(map(abs, far.values())) <= 2.2
