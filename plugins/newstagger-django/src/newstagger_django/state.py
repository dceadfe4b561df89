"""The newsroom's memory in the site's own database: a decision commits or rolls back with the page it is about.

Every statement runs in a savepoint where the caller is in a transaction, so that a table that is missing or locked breaks nothing
of theirs; it is told as StateError.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.db import Error, connections, models, router, transaction
from django.db.models import Max, Min

from newstagger.contracts import SaveRecord, State, pack_copy, unpack_copy
from newstagger.domain import Action, Article, ArticleRef, Decision, EditorDecision, Tagging
from newstagger.errors import StateError
from newstagger.host import tagging_to_json
from newstagger_django.answers import kept_record, record_of, told_by
from newstagger_django.models import Answer, KeptText, Standing
from newstagger_django.models import Decision as DecisionRow
from newstagger_django.prepared import asked

FAST = 1
"""Level of compression: a save waits for it."""
COLUMNS = ("concept", "action", "by", "at", "text_hash", "bundle", "shown", "reason", "revision")


def django_state() -> State:
    """Return the State whose ledger, audit log and archive are tables of the site's database."""
    return State(DjangoLedger(), DjangoAudit(), DjangoArchive())


@contextmanager
def stored(model: type[models.Model], *, writing: bool) -> Iterator[str]:
    """Run a statement on a model's table without harm to the caller's transaction; yield the database's alias.

    Whatever the database says becomes a StateError that names the table and the kind of error.
    """
    using = router.db_for_write(model) if writing else router.db_for_read(model)
    try:
        if writing or connections[using].in_atomic_block:
            with transaction.atomic(using=using):
                yield using
        else:
            yield using
    except (Error, ValueError, UnicodeError) as error:  # ValueError: a database refuses a character
        step = "run 'manage.py migrate newstagger' and see the database's log"
        table = model._meta.db_table
        raise StateError(f"cannot be {'written' if writing else 'read'}: {type(error).__name__}", where=table, next_step=step) from None


def erase(model: type[models.Model], **where: Any) -> int:
    """Delete rows of one of our tables; return how many; raise StateError when they could not be erased."""
    with stored(model, writing=True) as using:
        return model._base_manager.using(using).filter(**where).delete()[0]


class DjangoLedger:
    """What editors decided, in the caller's transaction."""

    def record(self, decision: EditorDecision) -> None:
        """Store a decision; raise StateError when it could not be stored."""
        values = {name: getattr(decision, name) for name in COLUMNS} | {"action": str(decision.action)}
        with stored(DecisionRow, writing=True) as using:
            DecisionRow.objects.using(using).create(site=decision.ref.site, article=decision.ref.id, **values)

    def decisions(self, ref: ArticleRef) -> tuple[EditorDecision, ...]:
        """Return every decision on an article, oldest first; raise StateError when they cannot be read."""
        with stored(DecisionRow, writing=False) as using:
            return tuple(map(_decision, asked(_of_article, using, (ref.site, ref.id))))

    def all(self) -> Iterable[EditorDecision]:
        """Return every decision, oldest first; raise StateError when they cannot be read."""
        with stored(DecisionRow, writing=False) as using:
            return tuple(map(_decision, DecisionRow.objects.using(using).order_by("pk").values_list("site", "article", *COLUMNS)))

    def forget(self, ref: ArticleRef) -> int:
        """Erase every decision on an article; return how many; raise StateError when they could not be erased."""
        return erase(DecisionRow, site=ref.site, article=ref.id)


def _of_article(texts: Sequence[str]) -> models.QuerySet[Any, Any]:
    site, article = texts
    rows: models.QuerySet[Any, Any] = DecisionRow.objects.filter(site=site, article=article)
    return rows.order_by("pk").values_list("site", "article", *COLUMNS)


def _decision(row: Sequence[Any]) -> EditorDecision:
    site, article, concept, action, *rest = row
    return EditorDecision(ArticleRef(site, article), concept, Action(action), *rest)


def _newest(texts: Sequence[str]) -> models.QuerySet[Any, Any]:
    site, article = texts
    rows: models.QuerySet[Any, Any] = Answer.objects.filter(site=site, article=article)
    return rows.order_by("-pk").values_list(*_ANSWER)[:1]


_ANSWER = tuple(field.attname for field in Answer._meta.concrete_fields)


class DjangoAudit:
    """What was answered to each save. A save asks for the last answer several times: its evidence is read once."""

    def __init__(self) -> None:
        self._read: tuple[Tagging | None, bytes] = (None, b"")

    def _read_once(self, row: Answer) -> SaveRecord | None:
        """Return what a row holds; a number that was rolled back may be another row's now, so the content counts."""
        record = kept_record(told := told_by(row))
        if record is not None:
            self._read = (record.tagging, told.tagging)
        return record

    def _packed(self, tagging: Tagging) -> bytes:
        """Return an answer as it is stored; one that was just read is stored again as it was."""
        known, content = self._read
        return content if known is tagging else packed(tagging_to_json(tagging, everything=True))

    def remember(self, record: SaveRecord) -> None:
        """Append one record; raise StateError when it could not be stored."""
        told = record.tagging
        with stored(Answer, writing=True) as using:
            Answer.objects.using(using).create(
                site=record.ref.site,
                article=record.ref.id,
                at=record.at,
                work_key=record.work_key,
                reuse_state=record.reuse_state,
                wishes=record.wishes,
                seen=None if record.seen is None else list(record.seen),
                tagging=self._packed(told),
                revision=record.revision,
                rules=record.rules,
                suggestions=sum(tag.decision is not Decision.SILENT for tag in told.tags),
                reuse="" if told.reuse is None else str(told.reuse.verdict),
                bundle="" if told.bundle is None else str(told.bundle),
            )

    def last(self, ref: ArticleRef) -> SaveRecord | None:
        """Return the newest record of an article, or None; raise StateError when the log cannot be read.

        A record that does not read back is as good as none: the article is tagged anew, and the ledger holds the decisions.
        """
        with stored(Answer, writing=False) as using:
            row = next(iter(asked(_newest, using, (ref.site, ref.id))), None)
        return None if row is None else self._read_once(Answer.from_db(using, _ANSWER, row))

    def latest(self) -> Iterator[SaveRecord]:
        """Return the newest record of every article, in the order of their refs; raise StateError when the log cannot be read."""
        with stored(Answer, writing=False) as using:
            rows = list(latest_answers(using).order_by("site", "article"))
        return (record for row in rows if (record := save_record(row)) is not None)

    def forget(self, ref: ArticleRef) -> int:
        """Erase every record of an article; return how many; raise StateError when they could not be erased."""
        erase(Standing, site=ref.site, article=ref.id)
        return erase(Answer, site=ref.site, article=ref.id)


def latest_answers(using: str | None = None) -> models.QuerySet[Answer]:
    """Return the newest answer of every article: for lists, filters and reports."""
    newest = Answer.objects.using(using).values("site", "article").annotate(newest=Max("pk")).values("newest")
    rows: models.QuerySet[Answer] = Answer.objects.using(using).filter(pk__in=newest)
    return rows


def save_record(row: Answer) -> SaveRecord | None:
    """Return what an answer's row holds, or None where it does not read back."""
    return record_of(told_by(row))


class DjangoArchive:
    """The texts that the privacy settings let be kept."""

    def __init__(self) -> None:
        self._oldest = ""

    def keep(self, article: Article, text_hash: str, at: str) -> None:
        """Store an article under the hash of its text; one that is there is kept; raise StateError when it could not be stored."""
        place = {"site": article.ref.site, "article": article.ref.id, "text_hash": text_hash}
        self._oldest = min(self._oldest, at)
        with stored(KeptText, writing=True) as using:
            KeptText.objects.using(using).get_or_create(**place, defaults={"at": at, "copy": pack_copy(article)})

    def article(self, ref: ArticleRef, text_hash: str) -> Article | None:
        """Return the article as it was when its text had this hash, or None where that was not kept."""
        with stored(KeptText, writing=False) as using:
            row = KeptText.objects.using(using).filter(site=ref.site, article=ref.id, text_hash=text_hash).first()
        return None if row is None else unpack_copy(ref, row.copy)

    def forget(self, ref: ArticleRef) -> int:
        """Erase every text of an article; return how many; raise StateError when they could not be erased."""
        return erase(KeptText, site=ref.site, article=ref.id)

    def expire(self, before: str) -> int:
        """Erase what was kept before a moment (ISO 8601); return how many."""
        if before <= self._oldest:  # what was kept since is younger
            return 0
        with stored(KeptText, writing=False) as using:
            first = KeptText.objects.using(using).aggregate(first=Min("at"))["first"]
        if first is None or first >= before:
            self._oldest = first or max(before, datetime.now(UTC).isoformat())
            return 0
        return erase(KeptText, at__lt=before)


def packed(value: Any) -> bytes:
    """Return JSON, compressed; the same bytes for the same value."""
    return zlib.compress(json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode(), FAST)
