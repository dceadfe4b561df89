"""Debian's Chromium before a real WordPress, with an editor who is logged in, and pictures of what it showed."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the screens as objects stand beside the tests

CHROMIUM, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-proxy-server",
    "--force-device-scale-factor=1",
    "--window-size=1280,1000",
)
QUIET = "window.addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), true)"
"""Lets a page be left without a question."""


@pytest.fixture(scope="session")
def pictures():
    """The folder that pictures go to: ``$NEWSTAGGER_PICTURES``, or one that is nobody's."""
    told = os.environ.get("NEWSTAGGER_PICTURES")
    folder = Path(told) if told else Path(tempfile.gettempdir()) / "newstagger-pictures"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def chromium(prepared, tmp_path_factory):
    """A browser in which the editor of the prepared site is logged in."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    if not (shutil.which(CHROMIUM) and shutil.which(DRIVER)):
        missing = "Chromium is not installed: apt-get install chromium chromium-driver"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    options.set_capability("unhandledPromptBehavior", "accept")
    driver = webdriver.Chrome(options, Service(DRIVER))
    driver.set_page_load_timeout(60)
    driver.set_script_timeout(30)
    site, editor = prepared
    driver.get(f"{site.address}/wp-includes/images/blank.gif")
    for cookie in editor.cookies:
        driver.add_cookie(dict(cookie))
    yield driver
    driver.quit()


@pytest.fixture
def window(chromium, wordpress):
    """The browser before an empty site; what it still shows at the end is left before the site goes."""
    chromium.get_log("browser")  # empties it
    yield chromium
    first, *others = chromium.window_handles
    for handle in (*others, first):
        chromium.switch_to.window(handle)
        chromium.execute_script(QUIET)
        chromium.get("about:blank")
    for handle in others:  # not by close(), which waits for each
        chromium.execute_cdp_cmd("Target.closeTarget", {"targetId": handle})
    chromium.set_window_size(1280, 1000)
