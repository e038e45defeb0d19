"""The page as text: what stands there, and what must not."""

import builtins
import re

import pytest

from made import example
from sdae.errors import SdaeError
from sdae.report.page import page


@pytest.fixture
def example_report(tmp_path):
    return example(tmp_path)


@pytest.fixture
def html(example_report):
    return page(example_report)


def test_it_loads_nothing(html):
    markup = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    assert re.findall(r"""(?:src|href)\s*=\s*["'](?!#|data:)""", markup) == []
    assert "url(" not in markup
    assert "@import" not in markup


def test_names_are_text(html):
    assert "<script>alert(1)</script>" not in html
    assert "runs/&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_ours_and_the_papers_stand_in_their_cells(html):
    cells = re.findall(r"<td.*?</td>", html, flags=re.DOTALL)
    [sae] = [cell for cell in cells if "<h3>rot, SAE-3</h3>" in cell and 'id="table3' in cell]
    assert "10.30 ± 0.31" in sae
    assert "10.30 ± 0.27" in sae
    assert "<dd>generated, train 1,000" in sae
    assert re.search(r'<th scope="row">rot<span class="tag">\w+</span><span class="tag">\w+</span></th>', html)
    assert "Intervals overlap" in sae
    filled = sum("popover>" in cell for cell in cells)
    assert html.count('aria-label="not measured"') == (10 * 6 + 3 * 8 + 10 * 8) - filled
    assert "other data" in html


def test_without_what_draws_plots_it_says_so(example_report, monkeypatch):
    imported = builtins.__import__

    def without(name, *args, **kwargs):
        if name == "vl_convert":
            raise ImportError(name)
        return imported(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(SdaeError, match="vl-convert; pip install"):
        page(example_report)


def test_a_picture_that_is_gone_is_named(example_report, tmp_path):
    (tmp_path / "figure8.png").unlink()
    with pytest.raises(SdaeError, match=r"figure8.png: cannot be read"):
        page(example_report)
