"""How a version gets into a models folder: one writer at a time, whole or not at all, and no litter of killed writers.

The lock is on the folder of the bundle's name itself, so it leaves no file behind and a kill lets go of it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from newstagger.errors import ConfigError
from newstagger.files import fsync_folder

TEMPORARY = ".new-"
TEMPORARY_CURRENT = ".current."


def unwritable(folder: Path) -> ConfigError:
    """Return the error for a models folder that cannot be written to."""
    return ConfigError("not a folder that can be written to", where=str(folder), next_step="name another models folder with --models")


def expect_writable(folder: Path) -> None:
    """Raise ConfigError unless something can be made in this folder; leaves nothing behind."""
    try:
        probe = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=folder))
    except OSError:
        raise unwritable(folder) from None
    with contextlib.suppress(FileNotFoundError):
        probe.rmdir()


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[Path]:
    """Hold a name's folder (made if need be) for this process among all; what killed writers left there is removed first."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        raise unwritable(folder) from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        _clean(folder)
        yield folder
    finally:
        os.close(handle)


def write_version(folder: Path, version: str, files: Mapping[str, bytes]) -> None:
    """Put a version's files into ``folder/version`` in one step: a temporary neighbour, fsync, rename. Needs the lock."""
    temporary = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=folder))
    try:
        for name, data in sorted(files.items()):
            _write_durably(temporary / name, data)
        temporary.chmod(0o755)
        fsync_folder(temporary)
        temporary.rename(folder / version)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    fsync_folder(folder)


def _write_durably(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _clean(folder: Path) -> None:
    for entry in list(os.scandir(folder)):
        if entry.name.startswith(TEMPORARY) and entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path, ignore_errors=True)
        elif entry.name.startswith(TEMPORARY_CURRENT) and entry.is_file(follow_symlinks=False):
            Path(entry.path).unlink(missing_ok=True)
