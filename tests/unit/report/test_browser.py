"""The page in a real browser: its policy blocks nothing it needs, its links open what they lead to, it fits a telephone."""

from pathlib import Path

import pytest

from newstagger.report import page

from .conftest import report_on

CHROMIUM, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-proxy-server")

pytestmark = pytest.mark.slow


@pytest.fixture
def driver():
    if not (Path(CHROMIUM).exists() and Path(DRIVER).exists()):
        pytest.skip("needs Chromium and its driver")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in FLAGS:
        options.add_argument(flag)
    made = webdriver.Chrome(service=Service(DRIVER), options=options)
    yield made
    made.quit()


def test_the_page_in_a_browser(archive, tmp_path, driver):
    file = tmp_path / "report.html"
    file.write_text(page.rendered(report_on(*archive), lambda line: None), "utf-8")
    phone = {"width": 390, "height": 800, "deviceScaleFactor": 2, "mobile": True}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
    driver.get(file.as_uri())
    assert driver.get_log("browser") == []
    assert driver.execute_script("return [...document.images].every(i => i.naturalWidth > 0)")
    assert driver.execute_script("return document.documentElement.scrollWidth") <= 390
    assert driver.execute_script("return document.querySelectorAll('details[open]').length") == 0
    driver.get(f"{file.as_uri()}#topic-0")
    assert driver.execute_script("return document.querySelectorAll('details[open]').length") == 1
    assert driver.execute_script("return document.documentElement.scrollWidth") <= 390
