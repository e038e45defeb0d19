"""``report``: the paper's tables and figures, ours beside its own."""

import logging
from datetime import date
from pathlib import Path

from sdae.errors import SdaeError
from sdae.files import make_folder, write_text

log = logging.getLogger(__name__)

USUAL = (Path("results"), Path("runs"))


def report(
    paths: list[Path] | None = None,
    output: Path = Path("report"),
    keep: Path | None = None,
    markdown: Path | None = None,
    storage: str | None = None,
) -> None:
    """Gather runs, SVMs, studies and pictures into one page: Tables 3 to 5 and the figures, ours beside the paper's.

    Where a cell was measured more than once, the study with most trials counts, and a single fit where there is no
    study; among equals the original data, and then the validation error, decide. The test error never does.

    Args:
        paths: Folders with runs, sweeps, svm.json files and pictures figureN.png, at any depth; default: results and
            runs, those that exist.
        output: Folder to write index.html, tables.md and tables.csv to.
        keep: Folder to copy the small files to that the report is made of, no weights, and to make it of from now on;
            its plots are drawn there, as NAME-1.svg, for the Markdown to show.
        markdown: File to write the Markdown to as well, as RESULTS.md.
        storage: URL of a storage whose studies count as well; default: $SDAE_STORAGE, if it is set.
    """
    from sdae.cli.storages import shared_storage
    from sdae.report.assembly import assemble
    from sdae.report.drawing import write_svgs
    from sdae.report.gather import gather
    from sdae.report.keeping import keep as keep_files
    from sdae.report.markdown import markdown as as_markdown
    from sdae.report.page import page
    from sdae.report.rows import as_csv

    _check(output, markdown)
    looked = list(paths or [path for path in USUAL if path.is_dir()])
    if not looked:
        raise SdaeError("report: there is neither results nor runs here; name folders")
    found = gather(looked, shared_storage(storage))
    if found.left_aside:
        log.warning("excluded results: %d; the first: %s", len(found.left_aside), found.left_aside[0])
    if keep is not None:
        keep_files(found, looked, keep)
        looked = [keep]
        write_svgs(assemble(gather(looked), looked, date.today()).plots, keep)
        found = gather(looked)
    shown = assemble(found, looked, date.today())
    whole = page(shown)
    make_folder(output, "; name another folder with --output")
    written = {
        output / "index.html": whole,
        output / "tables.md": as_markdown(shown, output / "tables.md"),
        output / "tables.csv": as_csv(shown),
    }
    if markdown is not None:
        written[markdown] = as_markdown(shown, markdown)
    for file, text in written.items():
        write_text(file, text)
    cells = [cell for table in shown.tables for cell in table.cells.values()]
    print(f"{sum(cell.ours is not None for cell in cells)} of {len(cells)} cells of Tables 3 to 5 are measured")
    print("\n".join(map(str, written)))


def _check(output: Path, markdown: Path | None) -> None:
    """Refuse places that cannot be written, before anything is."""
    above = next(path for path in (output, *output.parents) if path.exists())
    if not above.is_dir():
        raise SdaeError(f"output {output}: {above} is not a folder")
    if markdown is not None and markdown.parent != output and not markdown.parent.is_dir():
        raise SdaeError(f"markdown {markdown}: there is no folder {markdown.parent}")
