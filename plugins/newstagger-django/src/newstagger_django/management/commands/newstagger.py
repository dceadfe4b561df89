"""``manage.py newstagger VERB ...``: the verbs of the ``newstagger`` command on this site's own state and settings."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from newstagger.cli import run
from newstagger_django.conf import core_settings
from newstagger_django.state import django_state


class Command(BaseCommand):
    """Hand all words to newstagger's own command line."""

    help = "Run a verb of newstagger (explain, feedback, forget, models, ...) on this site's database and settings."

    def run_from_argv(self, argv: list[str]) -> None:
        """Pass on every word after the command's name, options too, and end with newstagger's exit code."""
        code = run(argv[2:], state=django_state(), settings=core_settings())
        if code:
            sys.exit(code)

    def handle(self, *_: Any, **options: Any) -> None:
        """Run the words given to ``call_command``; the same exit codes."""
        self.run_from_argv(["manage.py", "newstagger", *options["words"]])

    def add_arguments(self, parser: Any) -> None:
        """Take any words."""
        parser.add_argument("words", nargs="*")
