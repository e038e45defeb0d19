"""Plain technical English: phrases that a reader has to translate stand nowhere that people read."""

import ast
import io
import re
import tokenize

import pytest
from pages import PAGES, TOP

OUT = re.compile(
    r"\b(?:go|goes|gone|going|went) on\b"  # resume, continue
    r"|\bdo(?:es)? (?:it|them) again\b"  # repeat, reproduce
    r"|\bwhere (?:none|nothing) (?:is|are) (?:given|named|said|asked)\b"  # default: …
    r"|\bcomes? to together\b|\b[Ww]hat \S{1,12}(?: \S{1,12})? (?:comes?|came) to\b"
    r"|\b(?:is|are|was|were) given back\b|\bgives? (?:it|them) back\b"  # return, requeue
    r"|\btold\b"
    r"|\bfares? better\b"
    r"|\bof which run\b"
    r"|\b[Bb]egun again\b"  # run again
    r"|\bcannot be had\b"  # is not available
    r"|\bsigns? of life\b"  # heartbeat
    r"|\btells? (?:them |it )?wrong\b"  # misclassifies
    r"|\btaken up again\b"  # resumed
    r"|\b(?:all|a new one|as many) where None\b"  # default: …
    r"|\bwhat (?:a stack|a run|it) knows\b"
    r"|\bplanned anew\b"
    r"|\bpassages\b"  # epochs
    r"|\bmend\b"  # correct; a hint
    r"|\bonce an? (?:layer|epoch|problem|representation)\b"  # per
    r"|\b(?:one|row|line|bar) an? (?:GPU|core|fold|trial|layer|example|job|file|stage|value)\b"  # per
    # is not a
    r"|\b(?<!there )(?:is|are) no (?:folder|result|record|configuration|checkpoint|picture|image|hyperparameter)s?\b"
    r"|\bnone of 0 to\b"  # not one of
    r"|\bwhere they lay\b"  # the original location
    r"|\bone door\b"  # the entry point
)
ROOT = TOP / "src" / "sdae"


def said(source):
    """Return a module's comments and texts, each with its line."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, " ".join(node.value.split())


def test_a_phrase_is_found_in_a_comment_and_over_two_lines_of_a_text():
    source = '"""The run is gone\n    on with."""\nx = 1  # what they come to\ny = "resumed"\n'
    assert [line for line, text in said(source) if OUT.search(text)] == [3, 1]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_pages(page):
    assert OUT.findall(" ".join(page.read_text(encoding="utf-8").split())) == []


@pytest.mark.parametrize("folder", ["conf", "sweeps"])
def test_the_heads_of_configurations(folder):
    found = {}
    for file in (TOP / folder).rglob("*.*"):
        comments = re.findall(r"#(?!!) ?(.*)", file.read_text(encoding="utf-8"))
        if match := OUT.search(" ".join(" ".join(comments).split())):
            found[file.name] = match[0]
    assert found == {}


PACKAGES = sorted({"/".join(path.relative_to(ROOT).parts[:2]) for path in ROOT.rglob("*.py")} - {"__init__.py"})


@pytest.mark.parametrize("package", PACKAGES)
def test_the_source(package):
    place = ROOT / package
    files = [place] if place.suffix == ".py" else sorted(place.rglob("*.py"))
    assert files
    found = [
        f"{file.relative_to(ROOT)}:{line}: {match[0]}"
        for file in files
        for line, text in said(file.read_text(encoding="utf-8"))
        if (match := OUT.search(text))
    ]
    assert found == []
