"""``newstagger jobs``: what the service still has to do, what it gave up, and another try for that."""

from __future__ import annotations

from collections.abc import Callable

import click

from newstagger.cli.options import Settings, common, echo_json
from newstagger.cli.show import plain
from newstagger.contracts import Json
from newstagger.errors import ConfigError, InputError
from newstagger.newsroom.jobrows import Job
from newstagger.newsroom.jobs import Jobs
from newstagger.wire.source import stamp_of

EXAMPLES = """\b
Examples:
  newstagger jobs list
  newstagger jobs list --dead --json
  newstagger jobs replay 17
  newstagger jobs replay --all
  newstagger jobs drop 17"""
EVERY = 1 << 62


@click.group("jobs", epilog=EXAMPLES)
def command() -> None:
    """List what the service still has to do; replay or drop what it gave up.

    A save that was accepted for later waits as a job of the kind 'tag', an answer that is to be posted to a site's callback as one
    of the kind 'deliver'. What failed too often is dead: it stays with its error until it is replayed or dropped.
    """


@command.command("list", epilog="\b\nExamples:\n  newstagger jobs list\n  newstagger jobs list --dead --json")
@click.option("--dead", is_flag=True, help="Only what was given up.")
@common
def show_all(*, settings: Settings, as_json: bool, dead: bool) -> int:
    """List the jobs: those that are dead, oldest first, then those that wait, the next first."""
    jobs = Jobs(settings.state_file)
    found = (*jobs.dead(EVERY), *(() if dead else jobs.waiting(EVERY)))
    for job in found:
        if as_json:
            echo_json(job_to_json(job))
        else:
            click.echo(_line(job))
    if not found and not as_json:
        click.echo("no job is dead" if dead else "no jobs")
    return 0


@command.command("replay", epilog="\b\nExamples:\n  newstagger jobs replay 17\n  newstagger jobs replay --all")
@click.argument("number", metavar="[ID]", type=int, required=False)
@click.option("--all", "every", is_flag=True, help="Every dead job.")
@common
def replay(*, settings: Settings, as_json: bool, number: int | None, every: bool) -> int:
    """Let a dead job wait again, with all its tries; the service takes it up within a second."""
    jobs = Jobs(settings.state_file)
    return _each(jobs, _chosen(jobs, number, every=every), jobs.replay, "replayed", as_json=as_json)


@command.command("drop", epilog="\b\nExamples:\n  newstagger jobs drop 17\n  newstagger jobs drop --all")
@click.argument("number", metavar="[ID]", type=int, required=False)
@click.option("--all", "every", is_flag=True, help="Every dead job.")
@common
def drop(*, settings: Settings, as_json: bool, number: int | None, every: bool) -> int:
    """Erase a job, dead or waiting: its work is not done. The CMS may save the article again."""
    jobs = Jobs(settings.state_file)
    return _each(jobs, _chosen(jobs, number, every=every), jobs.drop, "dropped", as_json=as_json)


def _chosen(jobs: Jobs, number: int | None, *, every: bool) -> tuple[int, ...]:
    if (number is None) is not every:
        raise ConfigError("name one job, or all that are dead", where="jobs", next_step="say ID, or --all")
    return tuple(job.id for job in jobs.dead(EVERY)) if number is None else (number,)


def _each(jobs: Jobs, numbers: tuple[int, ...], act: Callable[[int], bool], done: str, *, as_json: bool) -> int:
    """Do it to each job; raise InputError for a single one that is not there."""
    count = sum(act(number) for number in numbers)
    if len(numbers) == 1 and not count:
        raise InputError(f"no such job, or none that can be {done}: {numbers[0]}", next_step="see 'newstagger jobs list'")
    if as_json:
        echo_json({done: count, **jobs.counts()})
    else:
        click.echo(f"{count} {'job' if count == 1 else 'jobs'} {done}")
    return 0


def _line(job: Job) -> str:
    revision = "" if job.revision is None else f" r{job.revision}"
    tried = f"{job.tries} {'try' if job.tries == 1 else 'tries'}"
    error = f"  {plain(job.error, 120)}" if job.error else ""
    return f"{job.id:>7}  {_state(job):<8}{job.kind:<8}{plain(str(job.ref), 60)}{revision}  due {stamp_of(job.due)}  {tried}{error}"


def _state(job: Job) -> str:
    return "dead" if job.dead else "held" if job.held else "waiting"


def job_to_json(job: Job) -> dict[str, Json]:
    """Return a job as JSON, without what it holds; ``due`` is when it may be tried (again)."""
    return {
        "job": job.id, "kind": job.kind, "site": job.ref.site, "id": job.ref.id, "revision": job.revision, "tries": job.tries,
        "due": stamp_of(job.due), "error": job.error, "state": _state(job),
    }  # fmt: skip
