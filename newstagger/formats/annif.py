"""Annif's REST API: batches of documents are read; taggings are written as the answer to ``suggest``.

https://annif.org. A suggestion is a subject with address, label, notation and score; what no public vocabulary knows has our id as URN.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote, unquote

from newstagger.contracts import Json
from newstagger.domain import Article, ArticleRef, Tag, Tagging, Text
from newstagger.formats.carriage import ANSWER, Carried, shown
from newstagger.formats.charset import checked_id
from newstagger.formats.fields import Fields
from newstagger.formats.identifiers import concept_of, concept_uri
from newstagger.formats.plain import split_headline
from newstagger.formats.reading import JsonFormat, Reading, article
from newstagger.jsontext import line_of

CONCEPT = "urn:newstagger:concept:"


def _documents(value: Json) -> Sequence[Json]:
    """Return the documents of a batch, each marked with the key that it came under."""
    documents = value.get("documents") if isinstance(value, dict) else None
    return [{"document": d} for d in documents] if isinstance(documents, list) else []


def recognises(table: Mapping[str, Json]) -> bool:
    """Tell whether an object is a document of a batch: it has a text and at most an id and notes beside it."""
    document = table.get("document")
    return isinstance(document, dict) and isinstance(document.get("text"), str)


def reading(fields: Fields, site: str, default_id: str | None) -> Reading:
    """Return the article of one document; its first line is the headline when it looks like one."""
    document = fields.within("document")
    identity = checked_id(document.word("document_id") or default_id or "", "document_id", fields.where)
    headline, body = split_headline(document.text("text"))
    return Reading(article(fields, ArticleRef(site, identity), headline, (body, "text/plain"), language=document.text("language")))


ANNIF = JsonFormat("annif", recognises, reading, _documents)


def results(tagging: Tagging) -> list[dict[str, Json]]:
    """Return the suggestions of a tagging, the surest first."""
    return [_result(tag) for tag in sorted(shown(tagging), key=lambda tag: (-tag.score, tag.concept.id))]


def _result(tag: Tag) -> dict[str, Json]:
    """Return one tag as a suggestion."""
    concept = tag.concept.id
    uri = concept_uri(concept)
    notation = uri and concept.partition(":")[2]
    return {
        "uri": uri or CONCEPT + quote(concept, safe=":", errors="surrogatepass"), "label": tag.concept.pref_label, "notation": notation,
        "score": tag.score,
    }  # fmt: skip


class AnnifRenderer:
    """Renderer of what Annif answers to ``suggest``."""

    name = "annif"
    media_type = "application/json"
    loses: tuple[str, ...] = (
        "silent tags", "decisions", "facets", "roles", "evidence", "taggers", "exact matches", "model", *ANSWER, "site", "article",
        "article id", "event", "form",
    )  # fmt: skip

    def render(self, article: Article, text: Text, tagging: Tagging) -> str:
        """Return the suggestions, the surest first, as one line of JSON."""
        return line_of({"results": results(tagging)})


def suggested(value: Fields) -> tuple[Carried, ...]:
    """Return the tags of a reply, as ``AnnifRenderer`` writes it."""
    found = [(concept_told(item.text("uri")), item) for item in value.each("results")]
    return tuple(Carried(concept, item.text("label"), score=item.number("score"), ours=True) for concept, item in found if concept)


def concept_told(uri: str) -> str | None:
    """Return the concept id that the address of a subject means, or None."""
    if uri.startswith(CONCEPT):
        return unquote(uri.removeprefix(CONCEPT), errors="surrogatepass")
    return concept_of(uri)
