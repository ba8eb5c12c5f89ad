"""What is wrong with a page: axe looks at it light and dark, wide and 320 pixels narrow."""

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# All that a dark scheme changes is colours.
COLOURS = ["color-contrast", "link-in-text-block"]
WIDE, NARROW, HEIGHT = 1440, 320, 900
LOOKS = (
    ("light", WIDE, {"type": "tag", "values": TAGS}),
    ("dark", WIDE, {"type": "rule", "values": COLOURS}),
    ("dark", NARROW, {"type": "rule", "values": COLOURS}),
    ("light", NARROW, {"type": "tag", "values": TAGS}),
)


def faults(page: Page) -> list[str]:
    """This will look at the page as it stands in every way, without loading it again."""
    page.evaluate(f"typeof axe === 'undefined' && (() => {{{AXE}}})()")
    found: list[str] = []
    for scheme, width, rules in LOOKS:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        resize(page, width)
        found += [f"{scheme}, {width}: {fault}" for fault in violations(page, rules)]
    found += [f"{page.url} scrolls sideways"] * too_wide(page)
    resize(page, WIDE)
    return found


def violations(page: Page, rules: dict[str, object]) -> list[str]:
    """This will let axe-core look at the page by some of its rules."""
    asked = {"runOnly": rules, "resultTypes": ["violations"]}
    answer = page.evaluate("options => axe.run(options)", asked)
    return [
        f"{page.url} {rule['id']}: {node['html'][:120]}"
        for rule in answer["violations"]
        for node in rule["nodes"]
    ]


def too_wide(page: Page) -> bool:
    """This will tell whether the page scrolls sideways where it is 320 pixels wide."""
    resize(page, NARROW)
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def resize(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHT})
