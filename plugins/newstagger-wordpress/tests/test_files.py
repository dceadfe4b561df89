"""What can be told of the plugin's files and of the rig without running a WordPress."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from rig import parts

HOME = Path(__file__).parent.parent
PLUGIN = HOME / "newstagger"
SOURCES = sorted([*PLUGIN.rglob("*.php"), *(HOME / "rig").rglob("*.php")])


def read(name: str) -> str:
    """Return a file of the plugin."""
    return (PLUGIN / name).read_text("utf-8")


def header(name: str) -> str:
    """Return a line of the plugin's header."""
    return re.search(rf"^ \* {name}:\s*(.+)$", read("newstagger.php"), re.MULTILINE)[1].strip()


def told(name: str) -> str:
    """Return a line of the head of readme.txt."""
    return re.search(rf"^{name}:\s*(.+)$", read("readme.txt"), re.MULTILINE)[1].strip()


def test_wordpress_runs_on_this_machine():
    """Skipped, with what is missing and how to get it, where the tests marked ``wordpress`` could not run."""
    try:
        parts.check()
    except parts.Missing as missing:
        pytest.skip(str(missing))


@pytest.mark.skipif(not shutil.which("php"), reason=f"PHP is not installed: {parts.INSTALL}")
@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_php_parses(source):
    run = subprocess.run(["php", "-l", str(source)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_nobody_opens_a_file_past_wordpress(source):
    """Every file of the plugin ends at once when it is not WordPress that loads it."""
    if source.is_relative_to(PLUGIN):
        assert re.search(r"defined\( '(ABSPATH|WP_UNINSTALL_PLUGIN)' \) \|\| exit;", source.read_text("utf-8"))


def test_header_and_readme_agree():
    assert header("Version") == told("Stable tag")
    assert header("Requires at least") == told("Requires at least")
    assert header("Requires PHP") == told("Requires PHP")
    assert re.search(r"define\( 'NEWSTAGGER_VERSION', '(.+?)' \)", read("newstagger.php"))[1] == header("Version")
    assert "GNU GENERAL PUBLIC LICENSE" in read("LICENSE")


def test_a_machine_without_php_is_told_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(parts.Missing, match=r"apt-get install .*php-sqlite3"):
        parts.check()


def test_the_cache_is_where_one_says(monkeypatch, tmp_path):
    monkeypatch.setenv("NEWSTAGGER_WORDPRESS_CACHE", str(tmp_path / "kept"))
    assert parts.cache() == tmp_path / "kept"
    assert not parts.cache().exists(), "asking for it made it"


KEY = """
define( 'ABSPATH', '/' );
define( 'NEWSTAGGER_KEY', 'courier' );
function is_multisite() { return 'network' === $GLOBALS['argv'][1]; }
if ( 'fixed' === $argv[2] ) { define( 'NEWSTAGGER_URL', 'http://127.0.0.1:8347' ); }
require $argv[3];
echo Newstagger_Settings::key();
"""


@pytest.mark.skipif(not shutil.which("php"), reason=f"PHP is not installed: {parts.INSTALL}")
@pytest.mark.parametrize(
    ("kind", "address", "key"), [("single", "chosen", "courier"), ("network", "fixed", "courier"), ("network", "chosen", "")]
)
def test_a_networks_key_goes_to_the_networks_address_alone(kind, address, key):
    source = str(PLUGIN / "includes" / "class-newstagger-settings.php")
    run = subprocess.run(["php", "-r", KEY, "--", kind, address, source], capture_output=True, text=True, check=True)
    assert run.stdout == key
