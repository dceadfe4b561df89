"""What a CMS hands in, as the newsroom's memory can store it: wild values are left out and told, never a reason to fail a save."""

from __future__ import annotations

from dataclasses import replace

from newstagger.domain import Article, ExistingTag, FormState, Problem
from newstagger.errors import InputError
from newstagger.newsroom.ledger import is_revision, is_text

STAGE = "article"
TOLD = {
    "existing_tags": "a tag whose id is empty, no text, or holds half a character",
    "form": "a tag of the form whose id is empty, no text, or holds half a character",
    "revision": "a revision that is no whole number below 2**63",
    "language": "a language that is no text, or holds half a character",
}


def storable_article(article: Article) -> tuple[Article, tuple[Problem, ...]]:
    """Return the article without tags, form entries, name or revision that no database stores, and what was left out.

    Raises InputError where its ref cannot be stored: then nothing that is remembered can be found.
    """
    if not (is_text(article.ref.site) and is_text(article.ref.id)):
        raise InputError("the article's site or id is no text, or holds half a character", next_step="correct what the adapter hands in")
    whole = replace(
        article,
        existing_tags=_tags(article.existing_tags),
        form=_form(article.form),
        revision=article.revision if article.revision is None or is_revision(article.revision) else None,
        language=article.language if article.language is None or is_text(article.language) else None,
        saved_by=article.saved_by if is_text(article.saved_by) else "",
    )
    wrong = [what for field, what in TOLD.items() if getattr(whole, field) != getattr(article, field)]
    return whole, tuple(Problem(STAGE, "newstagger", f"{what}, left out: correct what the adapter hands in") for what in wrong)


def _tags(tags: tuple[ExistingTag, ...] | None) -> tuple[ExistingTag, ...] | None:
    return tags if tags is None or all(_is_id(tag.concept) for tag in tags) else tuple(tag for tag in tags if _is_id(tag.concept))


def _form(form: FormState | None) -> FormState | None:
    if form is None or all(map(_is_id, (*form.held, *form.shown))):
        return form
    return FormState(tuple(filter(_is_id, form.held)), tuple(filter(_is_id, form.shown)))


def _is_id(told: str) -> bool:
    return is_text(told) and bool(told.strip())
