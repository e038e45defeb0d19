"""What README and docs say: pages, their code blocks, the commands in them, and their links."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

TOP = Path(__file__).parents[2]
SHELL = re.compile(r"(sdae|python|python3|make|pip|sbatch|docker|for|export)\b")  # what a shell block begins with
PAGES = [TOP / "README.md", TOP / "sweeps" / "README.md", *sorted((TOP / "docs").glob("*.md"))]


class Block(NamedTuple):
    """A code block: indented ones have no language."""

    page: str
    language: str
    text: str


class Said(NamedTuple):
    """A command of a page, as words."""

    page: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page}: {shlex.join(self.words)}"


def blocks(page: Path) -> Iterator[Block]:
    """Return a page's code blocks, fenced and indented."""
    name = str(page.relative_to(TOP))
    text = page.read_text(encoding="utf-8")
    fenced = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    for match in fenced.finditer(text):
        yield Block(name, match[1], match[2])
    for match in re.finditer(r"(?:\A|\n\n)((?: {4}.*\n|\n(?= {4}))+)", fenced.sub("", text)):
        yield Block(name, "", match[1])


def commands(page: Path) -> Iterator[Said]:
    """Return the commands of a page's shell blocks, loops unrolled; what a command prints is no such block."""
    for block in blocks(page):
        if block.language in ("", "bash", "sh", "console") and SHELL.match(block.text.strip()):
            for line in _unrolled(block.text.replace("\\\n", " ")):
                if words := shlex.split(line, comments=True):
                    yield Said(block.page, tuple(words))


def _unrolled(text: str) -> Iterator[str]:
    values: dict[str, list[str]] = {}
    for line in text.splitlines():
        line = line.strip()
        if loop := re.match(r"for (\w+) in ([^;]+); do(.*)", line):
            values[loop[1]] = [value for word in loop[2].split() for value in _matching(word)]
            line = loop[3].strip()
        for part in re.sub(r"(;\s*)?\bdone$", "", line).split(" && "):
            variable = next((name for name in values if f"${name}" in part), None)
            yield from [part.replace(f"${variable}", value) for value in values[variable]] if variable else [part]


def _matching(word: str) -> list[str]:
    return sorted(str(path.relative_to(TOP)) for path in TOP.glob(word)) if "*" in word else [word]


def links(page: Path) -> list[str]:
    """Return the targets of a page's links and pictures, those outside the repository left out."""
    text = re.sub(r"^```.*?^```$|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return [target for target in re.findall(r"\]\(([^)\s]+)\)", text) if not re.match(r"\w+:", target)]


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
