"""Old ids in articles and records, read as they are now: a tag that changed its id, or went with its concept, is no editor's change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from newstagger.contracts import SaveRecord
from newstagger.domain import Article, FormState, Tag

Successor = Callable[[str], str | None]
Gone = Callable[[str], bool]


def ids_of_today(ids: Iterable[str], successor: Successor, gone: Gone) -> tuple[str, ...]:
    """Return ids as they are now: successors in the place of replaced ones, without those of deleted concepts."""
    heirs = [successor(told) or told for told in ids]
    return tuple(heir for heir in heirs if not gone(heir))


def article_of_today(article: Article, successor: Successor, gone: Gone) -> Article:
    """Return the article with the tags that it carries, and that its form showed, under today's ids."""
    if not article.existing_tags and article.form is None:
        return article
    held = article.existing_tags
    tags = (
        None if held is None else tuple(replace(tag, concept=now) for tag in held for now in ids_of_today([tag.concept], successor, gone))
    )
    form = article.form
    if form is not None:
        form = FormState(ids_of_today(form.held, successor, gone), ids_of_today(form.shown, successor, gone))
    return replace(article, existing_tags=tags, form=form)


def deleted_of(article: Article, successor: Successor, gone: Gone) -> tuple[str, ...]:
    """Return the ids of deleted concepts that the article, or the form that was saved, still holds."""
    held = {tag.concept for tag in article.existing_tags or ()} | set(article.form.held if article.form else ())
    return tuple(sorted(told for told in held if successor(told) is None and gone(told)))


def record_of_today(record: SaveRecord | None, successor: Successor, gone: Gone) -> SaveRecord | None:
    """Return what was answered, and what the CMS held then, under today's ids."""
    if record is None:
        return None
    seen = None if record.seen is None else ids_of_today(record.seen, successor, gone)
    tags = tuple(_tag(tag, successor) for tag in record.tagging.tags)
    return replace(record, seen=seen, tagging=replace(record.tagging, tags=tags))


def _tag(tag: Tag, successor: Successor) -> Tag:
    heir = successor(tag.concept.id)
    return tag if heir is None else replace(tag, concept=replace(tag.concept, id=heir))
