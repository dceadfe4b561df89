"""``newstagger plugins``: what is loaded, from where, which hooks, what failed."""

from __future__ import annotations

import click

from newstagger.cli.options import Settings, common, echo_json
from newstagger.cli.show import plain
from newstagger.host import Host
from newstagger.plugins import PluginInfo


@click.command("plugins", epilog="\b\nExamples:\n  newstagger plugins\n  newstagger plugins --json")
@common
def command(*, settings: Settings, as_json: bool) -> int:
    """Show each plugin: its version, origin and hooks, and what went wrong with it."""
    return run(Host(settings, stateless=True).plugins, as_json=as_json)


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
