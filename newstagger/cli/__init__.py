"""The command line: one file a verb, imported only when that verb is called.

Each verb file holds ``run(...) -> int``, which does the work and returns the exit code, and ``command``, which parses its words.
Only ``main`` turns errors into one line and an exit code: 2 nothing was done, 1 some of it failed, 0 all well. A promotion
that important tags speak against ends with 3 (see ``promotion``).
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Sequence

import click

from newstagger.errors import NewstaggerError
from newstagger.settings import Settings
from newstagger.state import State

VERBS = {
    "tag": "Tag articles and print the result; keeps no state.",
    "save": "Do what a CMS adapter does when an article is saved.",
    "feedback": "Record, list, count and export what editors decided.",
    "review": "Look at what clients brought to learn: take it, drop it, export it.",
    "explain": "Show why an article has its tags, and whether they come out again.",
    "forget": "Erase what is remembered of an article.",
    "vocabulary": "Add, remove and list the newsroom's own concepts.",
    "train": "Learn a candidate bundle from a labelled corpus.",
    "evaluate": "Measure a bundle on a labelled corpus, or a recipe by cross-validation.",
    "models": "List, show, verify, compare, promote and roll back model bundles.",
    "wire": "Feed the wire index and check articles against it.",
    "serve": "Serve tags over HTTP to a CMS.",
    "jobs": "List what the service still has to do; replay or drop what it gave up.",
    "formats": "Show the formats that are read and written, and what each loses.",
    "plugins": "Show what is loaded, from where, and what failed.",
}


class LazyGroup(click.Group):
    """A group whose built-in verbs are imported on use; plugins are loaded only when something else is asked for."""

    asked_plugins = False

    def _ask_plugins(self) -> None:
        """Let the installed plugins add their commands, once."""
        if not self.asked_plugins:
            from newstagger.guard import Guard
            from newstagger.plugins import Plugins
            from newstagger.settings import read_settings

            self.asked_plugins = True
            with contextlib.suppress(NewstaggerError):  # the verb that is called says so; help must still be had
                Plugins(read_settings(None), Guard()).add_commands(self)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the built-in verbs in reading order, then the plugins' commands."""
        self._ask_plugins()
        return [*VERBS, *(name for name in super().list_commands(ctx) if name not in VERBS)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one verb's command, importing only its file."""
        if cmd_name in VERBS:
            command = importlib.import_module(f"newstagger.cli.{cmd_name}").command
            assert isinstance(command, click.Command)
            return command
        self._ask_plugins()
        return super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs without importing them."""
        extra = [(n, c.get_short_help_str()) for n in self.list_commands(ctx) if n not in VERBS and (c := self.get_command(ctx, n))]
        with formatter.section("Commands"):
            formatter.write_dl([*VERBS.items(), *extra])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(package_name="newstagger")
def cli() -> None:
    """Tag news articles by topic, region and actor, and find wire copy."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave at once, whatever a plugin's threads are still doing."""
    code = run(sys.argv[1:] if arguments is None else arguments)
    sys.stdout.flush()
    sys.stderr.flush()
    if "joblib" in sys.modules:  # training: its worker processes and shared folders are tidied up on the way out
        sys.exit(code)
    os._exit(code)


def run(arguments: Sequence[str], *, state: State | None = None, settings: Settings | None = None) -> int:
    """Run one command line and return its exit code; an error a user can cause is one line on standard error.

    A program with a database of its own passes its ``state``, which stands in for the newsroom's SQLite file, and its
    ``settings``, which stand in for ``newstagger.toml``; options still win over both.
    """
    try:
        given = {"state": state, "settings": settings}
        code = cli.main(list(arguments), prog_name="newstagger", standalone_mode=False, obj=given)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.Abort:
        return _say("stopped", 130)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return 2
    except click.ClickException as error:
        hint = f" (see '{error.ctx.command_path} --help')" if isinstance(error, click.UsageError) and error.ctx else ""
        return _say(f"{error.format_message()}{hint}", 2)
    except NewstaggerError as error:
        return _say(str(error), 2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        return _say(f"{place}{error.strerror or error} (check the path, its permissions and the space left)", 2)


def _say(message: str, code: int) -> int:
    from newstagger.cli.show import plain  # what is shown may hold marks that a terminal obeys

    click.echo(f"newstagger: {plain(message)}", err=True)
    return code
