"""Builds the gazetteer of actors from the open sets and our own tables: arrays for a bundle. Run by the starter recipe, not at a save."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newstagger.actors.commonplace import without_commonplaces
from newstagger.actors.foreign import with_foreign_forms
from newstagger.actors.gazetteer import country_code
from newstagger.actors.merge import merged
from newstagger.actors.opensets import (
    cameo_records,
    company_records,
    given_names,
    party_records,
    people_set,
    rows,
    ucdp_records,
)
from newstagger.actors.records import COUNTRY_TYPES, KINDS, FormType, Record, key_of
from newstagger.actors.surfaces import found_forms
from newstagger.actors.tables import country_codes, own_records
from newstagger.actors.wordcheck import WordCheck
from newstagger.domain import Paragraph, ParagraphKind, Text
from newstagger.matcher import Form, PhraseTable
from newstagger.strings import StringColumn
from newstagger.tokens import split_words

Arrays = dict[str, NDArray[Any]]
_SHOWN_ALIASES = 8


def build_actors(data: Path) -> Arrays:
    """Return the arrays of the actor gazetteer; ``data`` is the folder of corpora. Same files in, same arrays out.

    Raises CorpusError when one of the sets is missing or broken.
    """
    texts = [row["text"] for row in rows(data, "events")]
    records = collect_records(data, texts)
    return arrays_of(records, texts)


def collect_records(data: Path, texts: list[str]) -> list[Record]:
    """Return the merged, guarded records of all sets; ``texts``, and Spanish ones, tell common words from names."""
    codes = {key_of(name): code for name, code in country_codes().items()}
    told = [*texts, *(row["text"] for row in rows(data, "spanish"))]
    check = WordCheck.count(told, _known_names(data))
    sets = [
        people_set(data, codes),
        ucdp_records(data, codes, check),
        company_records(data, check),
        party_records(data, check),
        cameo_records(data, check),
    ]
    return with_foreign_forms(without_commonplaces(merged(own_records(), sets), check, told), data)


def _known_names(data: Path) -> frozenset[str]:
    """Return folded single words that name people or places."""
    people = [row["name"] for row in rows(data, "cameo") if row["kind"] == "person"]
    lasts = {key_of(name).split()[-1] for name in people if key_of(name)}
    places = {key_of(form) for row in rows(data, "places") for form, kind in row["names"] if kind in ("name", "alt") and " " not in form}
    return given_names(people) | lasts | places


def arrays_of(records: list[Record], texts: Iterable[str] = ()) -> Arrays:
    """Return the arrays of these records, sorted by slug; ``texts`` are counted for the idf of each actor."""
    ordered = sorted(records, key=lambda record: record.slug.encode("utf-8"))
    at = {record.slug: row for row, record in enumerate(ordered)}
    folded, exact = (PhraseTable.build(_forms(ordered), exact=exact) for exact in (False, True))
    return {
        **StringColumn.pack(record.slug for record in ordered).arrays("slugs"),
        **StringColumn.pack(record.name for record in ordered).arrays("names"),
        **StringColumn.pack("\n".join(_shown(record)) for record in ordered).arrays("aliases"),
        **StringColumn.pack("\n".join(record.matches) for record in ordered).arrays("matches"),
        "kinds": np.array([KINDS.index(record.kind) for record in ordered], dtype=np.uint8),
        "countries": np.array([country_code(record.country) for record in ordered], dtype=np.uint16),
        "starts": np.array([record.start for record in ordered], dtype=np.int16),
        "ends": np.array([record.end for record in ordered], dtype=np.int16),
        "parents": np.array([at.get(record.parent, -1) for record in ordered], dtype=np.int32),
        "idf": _idf(len(ordered), folded, exact, texts),
        **folded.arrays("folded"),
        **exact.arrays("exact"),
    }


def _forms(records: list[Record]) -> list[Form]:
    return [Form(s.text, row, s.exact, int(s.type)) for row, record in enumerate(records) for s in record.surfaces]


def _shown(record: Record) -> list[str]:
    """Return a few other names to show: not the generated ones of countries."""
    if record.kind in ("government", "military", "police"):
        return []
    told = [s.text for s in record.surfaces if s.type not in COUNTRY_TYPES and s.type is not FormType.SHORT and s.text != record.name]
    return sorted(dict.fromkeys(told), key=lambda form: (len(split_words(form)) == 1, told.index(form)))[:_SHOWN_ALIASES] if told else []


def _idf(count: int, folded: PhraseTable, exact: PhraseTable, texts: Iterable[str]) -> NDArray[np.float16]:
    """Return ln((1 + texts) / (1 + texts that name the actor)) by row."""
    seen = np.zeros(count, dtype=np.int64)
    total = 0
    for string in texts:
        text = Text(string, (Paragraph(ParagraphKind.BODY, 0, len(string)),))
        named = {row for form in found_forms(text, folded, exact) for row, _ in form.rows}
        seen[sorted(named)] += 1
        total += 1
    return np.array([math.log((1 + total) / (1 + int(n))) for n in seen], dtype=np.float16)
