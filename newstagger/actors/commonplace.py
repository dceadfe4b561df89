"""Takes from the open sets' actors the names that mostly mean something else: "La Liga", "the nation", "red line". Build time only.

Counted from text: a phrase that stands there in small letters is a phrase first. An article and one word are one word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from newstagger.actors.lexicon import word_set
from newstagger.actors.records import COUNTRY_TYPES, FormType, Record, Surface, key_of
from newstagger.actors.wordcheck import WordCheck, mostly_small
from newstagger.domain import Paragraph, ParagraphKind, Text
from newstagger.matcher import Form, Match, PhraseTable
from newstagger.tokens import Tokens, tokens_of

ARTICLES = word_set("the la el los las le les il lo gli der die das un una une")
_LONG = 4


def without_commonplaces(records: list[Record], check: WordCheck, texts: Iterable[str]) -> list[Record]:
    """Return the records without forms that are ordinary phrases in ``texts``, or an article and an ordinary word.

    Where such a form is the actor's own name it turns WEAK, except for companies; our own records and people are left alone.
    """
    open_forms = (form for record in records if _looked_at(record) for form in record.surfaces if not form.exact)
    common = common_phrases((key_of(form.text) for form in open_forms if form.type not in COUNTRY_TYPES), texts)
    cleaned = [_cleaned(record, check, common) if _looked_at(record) else record for record in records]
    return [record for record in cleaned if record.surfaces]


def _looked_at(record: Record) -> bool:
    return not record.own and record.kind not in ("person", "government")


def _cleaned(record: Record, check: WordCheck, common: frozenset[str]) -> Record:
    kept = (_kept(form, record, check, common) for form in record.surfaces)
    return replace(record, surfaces=tuple(dict.fromkeys(form for form in kept if form is not None)))


def _kept(form: Surface, record: Record, check: WordCheck, common: frozenset[str]) -> Surface | None:
    key = key_of(form.text)
    words = key.split()
    ordinary = key in common or (len(words) == 2 and words[0] in ARTICLES and not check.fits(words[1]))
    if form.exact or not ordinary:
        return form
    return Surface(form.text, FormType.WEAK) if form.text == record.name and record.kind != "company" else None


def common_phrases(keys: Iterable[str], texts: Iterable[str]) -> frozenset[str]:
    """Return those folded phrases of two words or more that ``texts`` write small too often for a name."""
    phrases = sorted({key for key in keys if " " in key})
    table = PhraseTable.build((Form(key, number) for number, key in enumerate(phrases)), exact=False)
    small: Counter[int] = Counter()
    large: Counter[int] = Counter()
    for string in texts:
        tokens = tokens_of(Text(string, (Paragraph(ParagraphKind.BODY, 0, len(string)),)))
        for match in table.hits(tokens):
            (small if _small(string, tokens, match) else large)[match.rows[0][0]] += 1
    return frozenset(phrases[number] for number, count in small.items() if mostly_small(count, large[number]))


def _small(string: str, tokens: Tokens, match: Match) -> bool:
    """Tell whether the words of weight in a phrase are written small."""
    spans = zip(tokens.starts[match.first : match.last].tolist(), tokens.ends[match.first : match.last].tolist(), strict=True)
    words = [string[start:end] for start, end in spans]
    weighty = [word for word in words if len(word) >= _LONG] or words
    return all(word[0].islower() for word in weighty)
