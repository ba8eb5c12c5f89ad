"""A small demo company behind a real web server, and a real Chromium."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.live import Site, site

PATIENCE = 120

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("demo"), demo=True) as running:
        running.start_web()
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium, as Debian packs it, or Chrome. A test that could not run it fails: nothing was checked."""
    names = ("chromium", "google-chrome")
    found = (shutil.which(name) for name in names)
    path = os.environ.get("KEEPWELL_CHROMIUM") or next(filter(None, found), None)
    if not path:
        pytest.fail("Chromium is not installed: apt-get install chromium.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield patient(browser)
        browser.close()


def patient(browser: Browser) -> Browser:
    """This will let every page wait as long as a busy machine may need."""
    context_of = browser.new_context

    def new_context(**options: Any) -> BrowserContext:
        context = context_of(**options)
        context.set_default_timeout(PATIENCE * 1_000)
        return context

    browser.new_context = new_context  # type: ignore[method-assign]
    return browser
