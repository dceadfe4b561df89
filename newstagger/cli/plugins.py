"""``newstagger plugins``: what is loaded, from where, which hooks, what failed; ``new`` makes the project of a new one."""

from __future__ import annotations

from pathlib import Path

import click

from newstagger.cli.options import Settings, common, echo_json
from newstagger.cli.projects import KINDS, new_project
from newstagger.cli.show import plain
from newstagger.host import Host
from newstagger.plugins import PluginInfo

EXAMPLES = "\b\nExamples:\n  newstagger plugins\n  newstagger plugins --json\n  newstagger plugins new courier"


@click.group("plugins", invoke_without_command=True, epilog=EXAMPLES)
@common
def command(*, settings: Settings, as_json: bool) -> int:
    """Show each plugin: its version, origin and hooks, and what went wrong with it; or start a new one."""
    if click.get_current_context().invoked_subcommand is not None:
        return 0
    return run(Host(settings, stateless=True).plugins, as_json=as_json)


@command.command(
    "new", epilog="\b\nExamples:\n  newstagger plugins new courier\n  newstagger plugins new embargo --kind rule --into plugins"
)
@click.argument("name")
@click.option("--kind", type=click.Choice(KINDS), default="adapter", show_default=True, help="A CMS's adapter, or a house rule.")
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="Folder to make it in (default: this one).")
def new(*, name: str, kind: str, into: Path) -> int:
    """Make the project newstagger-NAME with tests that pass.

    Its README says what to do next.
    """
    project = new_project(name, kind, into)
    click.echo(f"made {plain(str(project))}; now: cd {plain(str(project))} && python -m pytest -rs")
    return 0


def run(infos: tuple[PluginInfo, ...], *, as_json: bool) -> int:
    """Print the plugins; return 1 when one of them has a problem."""
    for info in infos:
        if as_json:
            value = {"name": info.name, "version": info.version, "where": info.where}
            echo_json(value | {"hooks": list(info.hooks), "problems": list(info.problems)})
        else:
            click.echo(f"{plain(info.name):<16}{info.version:<10}{plain(info.where):<28}{', '.join(info.hooks)}")
            for problem in info.problems:
                click.echo(f"  ! {plain(problem)}")
    return 1 if any(info.problems for info in infos) else 0
