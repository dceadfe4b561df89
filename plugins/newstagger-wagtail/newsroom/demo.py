# ruff: noqa: PLC0415 - Django has to be told its settings before most of this can be imported
"""``python -m newsroom.demo``: a newsroom on Wagtail with our sample articles, an editor at its real forms, and an address to look at.

Everything happens in a temporary folder and on this machine. With a terminal it serves until Ctrl-C, else it looks at its own pages
once and ends.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

MISSING = "the newsroom needs Wagtail and both plugins: pip install -e . -e plugins/newstagger-django -e plugins/newstagger-wagtail"
PORT = 8000


def run(folder: Path, *, serve: bool) -> int:
    """Build the newsroom in ``folder``, let an editor work in it, tell how it went; return 0, or 1 when a promise was not kept."""
    os.environ["NEWSROOM_FOLDER"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "newsroom.settings"
    started = time.perf_counter()
    build()
    from newsroom.serving import serving
    from newsroom.shift import Shift

    with serving(PORT if serve and free(PORT) else 0) as address:
        shift = Shift(address, say)
        say(f"A newsroom on Wagtail, built in {time.perf_counter() - started:.0f} s; the wire story of above is in its index.\n")
        kept = shift.work()
        say(f"\nThe newsroom: {address}/admin/   user {shift.name}, password {shift.password}")
        say(f"  a story with its panel:  {shift.story_address}\n  all suggestions:         {address}/admin/reports/newstagger/")
        if serve:
            wait()
    return 0 if kept else 1


def build() -> None:
    """Set Django up, make the tables, furnish the newsroom, and let the agency's story in."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from newstagger_django.conf import core_settings
    from newstagger_django.process import host

    from newsroom.furnish import furnish
    from newstagger.demo import receive
    from newstagger.testing import sample_wire

    furnish()
    home = core_settings().home
    home.mkdir(parents=True, exist_ok=True)
    host().warm()
    receive(host(), sample_wire(), home)


def free(port: int) -> bool:
    """Tell whether nobody listens on a port of this machine."""
    import socket

    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) != 0


def wait() -> None:
    """Serve until somebody presses Ctrl-C."""
    say("\nCtrl-C ends it; nothing is left behind.")
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        say("")


def say(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)  # noqa: T201 - what a demo is for


def main() -> int:
    """Run the demo in a temporary folder that is gone afterwards."""
    try:
        import newstagger_wagtail  # noqa: F401
        import wagtail  # noqa: F401
    except ImportError as error:
        sys.stderr.write(f"newsroom: {error.name} is not installed; {MISSING}\n")
        return 2
    with tempfile.TemporaryDirectory(prefix="newsroom-", ignore_cleanup_errors=True) as folder:
        try:
            return run(Path(folder), serve=sys.stdin is not None and sys.stdin.isatty())
        except KeyboardInterrupt:
            return 130
        except BrokenPipeError:  # somebody reads the first lines only
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0


if __name__ == "__main__":
    sys.exit(main())
