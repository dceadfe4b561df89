"""One WordPress: its files, its database, its server. ``Site.reset`` brings it back to how it was when ``Site.keep`` was called."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rig.parts import Missing, parts

HERE = Path(__file__).resolve().parent
PLUGIN = HERE.parent / "newstagger"
MEMORY = "/dev/shm"  # noqa: S108 (a folder of its own is made in it)
PASSWORD = "words for tests"  # noqa: S105 (of a site that lives for a test)
WORKERS = 4
SECONDS = 60
"""The longest that anything here is waited for."""
PHP = ("-d", "opcache.enable=1", "-d", "opcache.enable_cli=1", "-d", "memory_limit=512M", "-d", "variables_order=EGPCS")


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Site:
    """A WordPress in ``folder``, served on loopback between ``start`` and ``stop``; its database lies in ``database``."""

    def __init__(self, folder: Path, database: Path) -> None:
        self.folder, self.database, self.root = folder, database, folder / "wordpress"
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = folder / "debug.log"
        self.passwords: Mapping[str, str] = {}
        self._server: subprocess.Popen[bytes] | None = None

    def build(self) -> None:
        """Lay out the files and install WordPress; the plugin is there, and not active. Raises Missing."""
        found = parts()
        _copy(found / "usr" / "share" / "wordpress", self.root, without=("wp-config.php", ".htaccess"))
        _link_libraries(found / "usr" / "share", self.folder)
        content = self.root / "wp-content"
        _copy(found / "sqlite", content / "plugins" / "sqlite-database-integration")
        shutil.copy(found / "sqlite" / "db.copy", content / "db.php")
        shutil.copytree(HERE / "php" / "theme", content / "themes" / "courier")
        (content / "mu-plugins").mkdir()
        shutil.copy(HERE / "php" / "rig.php", content / "mu-plugins")
        for name in ("wp-config.php", "install.php", "router.php"):
            shutil.copy(HERE / "php" / name, self.root)
        (content / "plugins" / "newstagger").symlink_to(PLUGIN, target_is_directory=True)
        self.passwords = json.loads(self.php("install.php").splitlines()[-1])

    def php(self, script: str, *words: str) -> str:
        """Run a script in the site's folder on PHP's command line; return what it prints, raise Missing when it fails."""
        command = ["php", *PHP, script, *words]
        run = subprocess.run(command, cwd=self.root, env=self._environment(), capture_output=True, text=True, check=False, timeout=SECONDS)  # noqa: S603
        if run.returncode:
            raise Missing(f"php {script} failed: {(run.stderr or run.stdout).strip()[-600:]}")
        return run.stdout

    def start(self, workers: int = WORKERS) -> None:
        """Serve the site; return when it answers."""
        command = ["php", *PHP, "-S", f"127.0.0.1:{self.port}", "-t", str(self.root), "router.php"]
        environment = self._environment() | {"PHP_CLI_SERVER_WORKERS": str(workers)}
        with (self.folder / "server.log").open("ab") as log:
            self._server = subprocess.Popen(  # noqa: S603
                command, cwd=self.root, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        self._await_answer()

    def _await_answer(self) -> None:
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.02)
        raise Missing(f"PHP's server did not begin to answer within {SECONDS} s")

    def stop(self) -> None:
        """End the server and its workers, which outlive their parent."""
        if self._server is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._server.pid, signal.SIGKILL)
            self._server.wait(SECONDS)
            self._server = None

    def keep(self, name: str) -> None:
        """Remember the database as it is now, under a name."""
        with self.sql() as source, contextlib.closing(sqlite3.connect(self.folder / f"{name}.sqlite")) as target:
            source.backup(target)

    def reset(self, name: str) -> None:
        """Bring the database back to how it was kept; no request may be under way."""
        with contextlib.closing(sqlite3.connect(self.folder / f"{name}.sqlite")) as source, self.sql() as target:
            source.backup(target)
        self.log.unlink(missing_ok=True)

    @contextlib.contextmanager
    def sql(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection to the database, behind WordPress' back."""
        with contextlib.closing(sqlite3.connect(self.database / "site.sqlite", timeout=SECONDS)) as connection, connection:
            yield connection

    def complaints(self) -> str:
        """Return what PHP complained of since the last reset: warnings, notices, errors."""
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""

    def _environment(self) -> dict[str, str]:
        told = {"RIG_DATABASE": f"{self.database}/", "RIG_ADDRESS": self.address, "RIG_LOG": str(self.log)}
        return dict(os.environ) | told | {"NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost"}


@contextlib.contextmanager
def site(*, memory: bool = True) -> Iterator[Site]:
    """Build and serve a WordPress in folders of its own and clear everything away at the end; ``memory``: its database lies in memory."""
    shelf = MEMORY if memory and os.access(MEMORY, os.W_OK) else None
    with (
        tempfile.TemporaryDirectory(prefix="wordpress-") as folder,
        tempfile.TemporaryDirectory(prefix="wordpress-", dir=shelf) as database,
    ):
        made = Site(Path(folder), Path(database))
        made.build()
        made.start()
        try:
            yield made
        finally:
            made.stop()


def _copy(source: Path, target: Path, without: Sequence[str] = ()) -> None:
    """Copy a tree, by hard links where the file system has them; leave out some names."""
    shutil.copytree(source, target, symlinks=True, copy_function=_place, ignore=shutil.ignore_patterns(*without))


def _place(old: str, new: str) -> str:
    try:
        os.link(old, new, follow_symlinks=False)
    except OSError:
        shutil.copy2(old, new, follow_symlinks=False)
    return new


def _link_libraries(share: Path, folder: Path) -> None:
    """Let Debian's relative links find the libraries where they point to, whichever way they are read."""
    for name in ("javascript", "php"):
        (folder / name).symlink_to(share / name, target_is_directory=True)
