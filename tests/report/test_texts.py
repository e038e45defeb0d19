"""Sentences stand on the page and in the Markdown, and say what a command does."""

import pytest

from made import example
from sdae.report.markdown import markdown
from sdae.report.page import page
from sdae.report.texts import AGAIN, COSTS, NOT_MEASURED, SEARCH, VERDICTS, after_command, before_command


@pytest.mark.parametrize("text", [VERDICTS, COSTS, AGAIN])
def test_a_text_stands_on_the_page_and_in_the_markdown(text, tmp_path):
    report = example(tmp_path)
    assert text in markdown(report, tmp_path / "RESULTS.md")
    assert text.replace("'", "’") in page(report)


def test_a_note_on_a_figure_stands_with_its_values(tmp_path):
    report = example(tmp_path)
    for text in (markdown(report, tmp_path / "RESULTS.md"), page(report)):
        assert "Note on our values: a coarser grid" in text
        assert "Note on our values: nothing" not in text  # where nothing is measured


def test_a_command_that_searches_again_does_not_promise_the_same_numbers(tmp_path):
    report = example(tmp_path)
    text = markdown(report, tmp_path / "RESULTS.md")
    assert f"{SEARCH} `python src/cli.py reproduce table3`. {after_command(True)}" in text
    assert f"{before_command(False)} `python src/cli.py reproduce figure8`\n" in text
    assert SEARCH in page(report)


def test_a_claim_without_comparisons_is_not_measured(tmp_path):
    report = example(tmp_path)
    [noisy] = [one for one in report.verdicts if "noisy inputs" in one.claim]
    assert not noisy.ours.any
    text = markdown(report, tmp_path / "RESULTS.md")
    assert f"| {noisy.claim} | {noisy.where} | {NOT_MEASURED} |  |  |" in text
    assert page(report).count(f'<td colspan="3">{NOT_MEASURED}</td>') == sum(
        not one.ours.any for one in report.verdicts
    )
