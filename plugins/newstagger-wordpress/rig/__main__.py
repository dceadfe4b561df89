"""Serves a WordPress to try newstagger in, until it is stopped: ``python -m rig 127.0.0.1:8080 FOLDER`` (a new folder).

The site lies in FOLDER/wordpress, with the plugin, not active; ``chief:PASSWORD``, an application password of its
administrator, in FOLDER/chief.txt. FOLDER is yours to throw away.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from types import FrameType

from rig.parts import Missing
from rig.site import PASSWORD, Site


def serve(address: str, folder: Path) -> None:
    """Make the site and serve it; return when the process is asked to stop. Raises Missing."""
    (folder / "database").mkdir(parents=True)
    made = Site(folder.resolve(), folder.resolve() / "database")
    made.address, made.port = f"http://{address}", int(address.rpartition(":")[2])
    made.build()
    (folder / "chief.txt").write_text(f"chief:{made.passwords['chief']}\n", "utf-8")
    try:
        made.start()
        sys.stderr.write(f"{made.address}/wp-admin/  chief, {PASSWORD!r}\n")
        signal.pause()
    finally:
        made.stop()


def _stop(signum: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)
    try:
        serve(sys.argv[1], Path(sys.argv[2]))
    except (Missing, FileExistsError, IndexError, ValueError) as error:
        sys.exit(f"python -m rig HOST:PORT FOLDER: {error}")
    except KeyboardInterrupt:
        pass
