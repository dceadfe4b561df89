"""``manage.py tag_articles``: tag what no save has told of; see ``newstagger_django.backfill``."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from newstagger_django.backfill import Done, Tally, backfill, chosen, eta, labels, rehearse
from newstagger_django.bindings import Binding, bound
from newstagger_django.conf import Mode

EVERY_SECONDS = 5.0


class Command(BaseCommand):
    """Tag articles that were imported, or saved before the plugin or its model was there."""

    help = "Tag articles that no save has told of; start it again after an interruption, nothing is tagged twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--model", action="append", metavar="APP.MODEL", help="only this model (may be repeated)")
        parser.add_argument("--since", metavar="DATE", help="only articles changed since this date (ISO 8601; needs 'changed')")
        parser.add_argument("--after", metavar="KEY", help="only articles with a greater primary key, to go on where a run was ended")
        parser.add_argument("--limit", type=int, default=10**9, help="at most so many articles")
        parser.add_argument("--dry-run", action="store_true", help="tell what would be tagged; store and write nothing")
        parser.add_argument("--apply", action="store_true", help="write tags decided 'auto' into the articles, whatever the model's mode")
        parser.add_argument("--json", action="store_true", help="one JSON object a line on standard output")

    def handle(self, *_: Any, **options: Any) -> None:
        """Run; raise CommandError for options that fit nothing, and when an article failed."""
        if options["limit"] < 0:
            raise CommandError("--limit must not be negative")
        since, bindings = _moment(options["since"]), _bindings(options["model"], options["since"])
        after = _key(bindings, options["after"])
        sets = [(binding, chosen(binding, since=since, after=after)) for binding in bindings]
        tally = Tally(min(options["limit"], sum(rows.count() for _, rows in sets)))
        told = time.monotonic()
        for done in self._work(sets, tally, options):
            tally.add(done)
            self._show(done, options)
            if time.monotonic() - told >= EVERY_SECONDS:
                told = time.monotonic()
                eta(tally, done, self.stderr.write)
        self.stderr.write(f"{'dry run: ' if options['dry_run'] else ''}{tally}")
        if tally.counts["failed"]:
            raise CommandError("some articles could not be tagged; start again when the cause is mended")

    @staticmethod
    def _work(sets: list[tuple[Binding, Any]], tally: Tally, options: dict[str, Any]) -> Iterator[Done]:
        for binding, rows in sets:
            limit = tally.total - tally.seen
            if options["dry_run"]:
                yield from rehearse(binding, rows, limit)
            else:
                yield from backfill(binding, rows, limit, mode=Mode.APPLY if options["apply"] else None)

    def _show(self, done: Done, options: dict[str, Any]) -> None:
        if options["json"]:
            row = {"id": done.ref.id, "outcome": done.outcome, "tags": labels(done.tagging), "message": done.message}
            self.stdout.write(json.dumps(row, ensure_ascii=True))
        elif done.outcome in ("failed", "incomplete"):
            self.stderr.write(f"{done.ref.id}: {done.message}")
        elif options["dry_run"] or options["verbosity"] > 1:
            self.stdout.write(f"{done.ref.id}: {done.outcome}: {', '.join(labels(done.tagging))}")


def _bindings(models: list[str] | None, since: str | None) -> list[Binding]:
    known = {binding.model._meta.label: binding for binding in bound()}
    folded = {label.casefold(): label for label in known}
    unknown = [label for label in models or () if label.casefold() not in folded]
    if unknown:
        raise CommandError(f"{unknown[0]!r} is not declared as an article; declared: {', '.join(known) or 'none'}")
    wanted = [known[folded[label.casefold()]] for label in dict.fromkeys(models or known)]
    undated = [binding.model._meta.label for binding in wanted if since and not binding.fields.changed]
    if undated:
        raise CommandError(f"--since needs 'changed', the field with the time of the last change, in the declaration of {undated[0]}")
    return wanted


def _key(bindings: list[Binding], told: str | None) -> Any:
    if told is None:
        return None
    if len(bindings) != 1:
        raise CommandError("--after is a key of one model; say which with --model")
    try:
        return bindings[0].model._meta.pk.to_python(told)
    except ValidationError:
        raise CommandError(f"--after {told!r} is no key of {bindings[0].model._meta.label}") from None


def _moment(told: str | None) -> datetime | None:
    try:
        moment = None if told is None else datetime.fromisoformat(told)
    except ValueError:
        raise CommandError(f"--since {told!r} is no date; write it like 2026-01-31") from None
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)
