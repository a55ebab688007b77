"""Chromium, and sites to visit with it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest
from driving import Visit, served, visited
from playwright.sync_api import Browser, StorageState, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(f"no Chromium on PATH (looked for {', '.join(NAMES)}): pages were not driven in a browser")
    driver = subprocess.run(
        [sys.executable, "-m", "playwright", "--version"], capture_output=True, text=True, check=False
    )
    if driver.returncode != 0:
        pytest.skip(f"the browser's driver does not run ({driver.stderr.strip()}): pages were not driven in a browser")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def empty_site(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[str]:
    """A site with one administrator and no plan."""
    with served(tmp_path_factory.mktemp("empty")) as origin:
        yield origin


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[str]:
    """A site with an adopted plan and some actual values."""
    with served(tmp_path_factory.mktemp("adopted"), "adopted") as origin:
        yield origin


@pytest.fixture
def guest(browser: Browser, empty_site: str) -> Iterator[Visit]:
    with visited(browser, empty_site) as visit:
        yield visit


@pytest.fixture(scope="module")
def signed_in(browser: Browser, site: str) -> StorageState:
    """What the administrator's browser keeps once logged in: to log in for every page takes longer than the page."""
    with visited(browser, site) as visit:
        visit.log_in()
        expect(visit.page.locator("form[action='/logout/']")).to_have_count(1)
        return visit.page.context.storage_state()


@pytest.fixture
def visit(browser: Browser, site: str, signed_in: StorageState) -> Iterator[Visit]:
    with visited(browser, site, state=signed_in) as visit:
        visit.go("/")
        yield visit


@pytest.fixture
def phone(browser: Browser, site: str, signed_in: StorageState) -> Iterator[Visit]:
    with visited(browser, site, 360, 740, signed_in) as visit:
        visit.go("/")
        yield visit
