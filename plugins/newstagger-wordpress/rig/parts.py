"""The parts of a WordPress, fetched once and kept: Debian's package, unpacked and never installed, and the SQLite drop-in from npm.

The cache is ``$NEWSTAGGER_WORDPRESS_CACHE``, else the user's cache. ``python -m rig.parts`` fills it and prints where it is.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import platformdirs

SUITE = "trixie"
"""The Debian release whose WordPress is 6.8; the machine itself may run another."""
PACKAGES = ("wordpress", "libjs-lodash", "libjs-underscore", "libjs-cropper", "php-getid3")
"""WordPress, and what its links point to; all are independent of the machine's architecture."""
DROP_IN = "@wp-playground/cli@3.1.56"
MODULES = ("curl", "dom", "mbstring", "sqlite3", "xml")
INSTALL = "apt-get install php-cli php-curl php-mbstring php-sqlite3 php-xml npm"
FOLDER = "wordpress-6.8-1"
"""Where the cache holds what this version of the file unpacks."""


class Missing(Exception):  # noqa: N818 (what is so, not a fault)
    """A machine that cannot run a WordPress; the message says what is missing and how to get it."""


def cache() -> Path:
    """Return the folder that fetched parts are kept in; it need not exist."""
    told = os.environ.get("NEWSTAGGER_WORDPRESS_CACHE")
    return Path(told) if told else platformdirs.user_cache_path("newstagger") / "wordpress"


def check() -> None:
    """Raise Missing unless PHP with its modules is here, and the parts are, or can be fetched."""
    if not shutil.which("php"):
        raise Missing(f"PHP is not installed: {INSTALL}")
    have = set(_output(["php", "-m"]).lower().split())
    if lacking := [name for name in MODULES if name not in have]:
        raise Missing(f"PHP lacks {', '.join(lacking)}: {INSTALL}")
    tools = [tool for tool in ("apt-get", "dpkg-deb", "npm") if not shutil.which(tool)]
    if tools and not (cache() / FOLDER).is_dir():
        raise Missing(f"WordPress is not in {cache()} and cannot be fetched without {', '.join(tools)}: python -m rig.parts")


def parts() -> Path:
    """Return the folder with ``usr/share/wordpress`` and ``sqlite``; fetch it first if it is not in the cache.

    Raises Missing with one clear line when it cannot be had. Several processes may ask at once.
    """
    check()
    folder = cache() / FOLDER
    if folder.is_dir():
        return folder
    with _alone():
        if not folder.is_dir():
            with tempfile.TemporaryDirectory(dir=cache(), prefix="fetching-") as work:
                _fetch(Path(work)).rename(folder)
    return folder


@contextmanager
def _alone() -> Iterator[None]:
    cache().mkdir(parents=True, exist_ok=True)
    with (cache() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fetch(work: Path) -> Path:
    tree = work / "tree"
    for package in _debian(work):
        _output(["dpkg-deb", "-x", str(package), str(tree)])
    _output(["npm", "pack", "--silent", DROP_IN], work)
    (archive,) = work.glob("*.tgz")
    with tarfile.open(archive) as packed:
        packed.extract("package/sqlite-database-integration.zip", work, filter="data")
    with zipfile.ZipFile(work / "package" / "sqlite-database-integration.zip") as zipped:
        zipped.extractall(work)  # noqa: S202 (zipfile keeps every name inside the folder)
    (work / "plugin-sqlite-database-integration").rename(tree / "sqlite")
    return tree


def _debian(work: Path) -> Sequence[Path]:
    """Download the packages of the suite, whatever suite the machine itself is on; its own lists stay as they are."""
    for name in ("lists/partial", "archives/partial", "etc"):
        (work / name).mkdir(parents=True)
    (work / "etc" / "sources.list").write_text(f"deb {_mirror()} {SUITE} main\n", "utf-8")
    apt = ["apt-get", "-q"]
    for option in (
        f"Dir::Etc::SourceList={work}/etc/sources.list", "Dir::Etc::SourceParts=/dev/null", f"Dir::State::Lists={work}/lists",
        f"Dir::Cache={work}", f"Dir::Cache::Archives={work}/archives", "APT::Sandbox::User=",
    ):  # fmt: skip
        apt += ["-o", option]
    _output([*apt, "update"], work)
    _output([*apt, "download", *PACKAGES], work)
    return sorted(work.glob("*.deb"))


def _mirror() -> str:
    """Return the address that this machine's own Debian comes from."""
    told = _output(["apt-get", "indextargets", "--format", "$(RELEASE) $(COMPONENT) $(REPO_URI)", "Created-By: Packages"])
    release = next((line.split("=")[1] for line in Path("/etc/os-release").read_text("utf-8").splitlines() if "CODENAME" in line), "")
    found = [line.split()[2] for line in told.splitlines() if line.split()[:2] in ([release, "main"], [SUITE, "main"])]
    if not found:
        raise Missing(f"apt knows no Debian to take WordPress from: put it into {cache()} on a Debian machine (python -m rig.parts)")
    return found[0]


def _output(command: Sequence[str], folder: Path | None = None) -> str:
    run = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)  # noqa: S603
    if run.returncode:
        said = (run.stderr or run.stdout).strip().splitlines() or ["it said nothing"]
        raise Missing(f"{' '.join(command[:1])} failed with {run.returncode}: {said[-1]}")
    return run.stdout


if __name__ == "__main__":
    try:
        sys.stdout.write(f"{parts()}\n")
    except Missing as missing:
        sys.exit(str(missing))
