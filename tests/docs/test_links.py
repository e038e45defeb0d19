"""Links and pictures of README and docs."""

import pytest
from pages import PAGES, TOP, anchors, links


@pytest.mark.parametrize(
    ("page", "target"),
    [pytest.param(page, target, id=f"{page.relative_to(TOP)}:{target}") for page in PAGES for target in links(page)],
)
def test_a_link_leads_somewhere(page, target):
    file, _, anchor = target.partition("#")
    there = page.parent / file if file else page
    assert there.exists()
    assert not anchor or anchor in anchors(there)


def test_every_page_is_linked_from_the_readme():
    linked = {(TOP / target).resolve() for target in links(TOP / "README.md")}
    assert set((TOP / "docs").glob("*.md")) <= linked


def test_the_readme_is_one_to_two_screens():
    text = (TOP / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 150
    assert "![" in text
