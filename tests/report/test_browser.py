"""The page in a browser: drawn, readable, opened by the keyboard, on a wide and a narrow screen, light and dark."""

import shutil

import pytest

from made import example
from sdae.report.page import page

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")

CONTRAST = """() => {
  const rgb = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = rgb(getComputedStyle(e).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const read = "p, th, td, button.ours, .printed, .tag, .mark, code, a, caption, svg text";
  return [...document.querySelectorAll(read)].map(e => {
    const style = getComputedStyle(e);
    const [a, b] = [rgb(e.tagName === "text" ? style.fill : style.color), behind(e)].map(light).sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  }).reduce((least, one) => Math.min(least, one));
}"""


@pytest.fixture
def example_report(tmp_path):
    return example(tmp_path)


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="no Playwright: pip install -e '.[dev]'")
    if CHROMIUM is None:
        pytest.skip("no Chromium")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_drawn_and_readable(browser, example_report, tmp_path, width, scheme):
    file = tmp_path / "index.html"
    file.write_text(page(example_report), encoding="utf-8")
    shown = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    said, asked = [], []
    shown.on("console", lambda message: said.append(message.text))
    shown.on("pageerror", lambda error: said.append(str(error)))
    shown.on("request", lambda request: asked.append(request.url))
    shown.goto(file.as_uri())
    shown.wait_for_selector("html[data-drawn]")
    assert said == []
    assert [url for url in asked if not url.startswith(("data:", file.as_uri()))] == []

    assert shown.locator("section[id^=table] table:has(caption):has(th[scope=row])").count() == 3
    for plot in shown.locator(".plot").all():
        assert plot.locator("svg .mark-symbol path").count() > 1
        assert plot.bounding_box()["width"] <= width
    assert shown.locator("figure img").evaluate_all("all => all.every(one => one.naturalWidth > 0)")
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    assert shown.evaluate(CONTRAST) >= 4.5

    cell = shown.locator("#table3 button.ours").first
    cell.focus()
    shown.keyboard.press("Enter")
    opened = shown.locator("[popover]:popover-open")
    assert "python src/cli.py" in opened.inner_text()
    box = opened.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    shown.keyboard.press("Escape")
    assert opened.count() == 0
    cell.click()
    opened.get_by_role("button", name="close").click()
    assert opened.count() == 0

    scrolled = shown.locator("#table5 .scroll")
    scrolled.evaluate("box => box.scrollLeft = box.scrollWidth")
    for head in ("thead tr:first-child th:first-child", "tbody th"):
        assert abs(scrolled.locator(head).first.bounding_box()["x"] - scrolled.bounding_box()["x"]) < 1
    shown.close()


def test_the_plots_follow_the_scheme(browser, example_report, tmp_path):
    file = tmp_path / "index.html"
    file.write_text(page(example_report), encoding="utf-8")
    shown = browser.new_page(color_scheme="light")
    shown.goto(file.as_uri())
    shown.wait_for_selector("html[data-drawn]")
    first = shown.locator(".plot svg text").first
    light = first.get_attribute("fill")
    shown.emulate_media(color_scheme="dark")
    shown.wait_for_function(
        "before => document.querySelector('.plot svg text').getAttribute('fill') !== before", arg=light
    )
    shown.close()
