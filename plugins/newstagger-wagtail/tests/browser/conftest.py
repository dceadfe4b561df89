"""A newsroom on a port of this machine with Debian's Chromium before it, and pictures of what it showed."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the pages as objects stand beside the tests

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


def pytest_collection_modifyitems(config, items):
    """Everything here needs a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in Path(item.path).parents:
            item.add_marker(pytest.mark.browser)


def pictures() -> Path:
    """Return the folder that pictures go to: ``$NEWSTAGGER_PICTURES``, or one that is nobody's."""
    told = os.environ.get("NEWSTAGGER_PICTURES")
    folder = Path(told) if told else Path(tempfile.gettempdir()) / "newstagger-pictures"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def address(site) -> Iterator[str]:
    from newsroom.serving import serving

    with serving() as found:
        yield found


@pytest.fixture(scope="session")
def chromium(tmp_path_factory) -> Iterator[object]:
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
    yield driver
    driver.quit()


@pytest.fixture
def newsroom(newsroom, address, chromium, tmp_path):
    """An editor who is logged in, in an empty newsroom with a scripted tagger; the database is as it was when everything began."""
    from browsing import Newsroom

    room = Newsroom(address, chromium, tmp_path, pictures())
    yield room
    room.close()
