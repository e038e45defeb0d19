"""Draws the packages of ``src/sdae`` and their imports, for docs/architecture.md.

``python tests/docs/house.py`` prints the drawing; with ``--write`` it goes into the page.
"""

import argparse
import ast
from pathlib import Path

TOP = Path(__file__).parents[2]
SOURCE = TOP / "src" / "sdae"
PAGE = TOP / "docs" / "architecture.md"
BEGIN, END = "<!-- house -->\n", "<!-- /house -->\n"
ROOT = "sdae"  # the public names, in __init__.py

Graph = dict[str, set[str]]


def imports(source: Path = SOURCE) -> Graph:
    """Return what each package, or module at the root, imports from the others, inside functions too.

    Modules at the root that serve every package (errors, files, …) are left out of what is imported.
    """
    packages = {path.parent.name for path in source.glob("*/__init__.py")}
    graph: Graph = {package: set() for package in packages}
    for file in sorted(source.rglob("*.py")):
        place = file.relative_to(source).parts
        owner = place[0] if len(place) > 1 else ROOT if place[0] == "__init__.py" else None
        if owner is None:
            continue
        for name in _imported(ast.parse(file.read_text(encoding="utf-8"))):
            parts = name.split(".")
            if parts[0] == "sdae" and len(parts) > 1 and parts[1] in packages - {owner}:
                graph.setdefault(owner, set()).add(parts[1])
    return graph


def _imported(tree: ast.Module) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{each.name}" for each in node.names}
    return names


def direct(graph: Graph) -> Graph:
    """Return the graph without arrows that a longer way implies."""

    def reached(package: str) -> set[str]:
        return {package}.union(*(reached(below) for below in graph.get(package, ())))

    return {
        package: {each for each in below if not any(each in reached(other) for other in below - {each})}
        for package, below in graph.items()
    }


def drawing(graph: Graph) -> str:
    """Return the drawing in Mermaid: an arrow from each package to what it imports."""
    arrows = direct(graph)
    lines = [f"  {package} --> {below}" for package in sorted(arrows) for below in sorted(arrows[package])]
    return "\n".join(["```mermaid", "flowchart TD", *lines, "```", ""])


def page_with(drawn: str, page: str) -> str:
    """Return the page's text with the drawing between its marks."""
    before, _, rest = page.partition(BEGIN)
    return before + BEGIN + drawn + END + rest.partition(END)[2]


def main() -> None:
    """Print the drawing, or write it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    drawn = drawing(imports())
    if parser.parse_args().write:
        PAGE.write_text(page_with(drawn, PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print(drawn)


if __name__ == "__main__":
    main()
