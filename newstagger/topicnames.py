"""The names of IPTC Media Topics in the languages that the package carries; read from it on first use, never at a save without need.

What they are good for: looking concepts up by name in a corpus's labels, and looking for the concepts in texts.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from newstagger.errors import TaxonomyError
from newstagger.language import normalise
from newstagger.taxonomy import OWN, media_topics, prefix_of

URI = "http://cv.iptc.org/newscodes/mediatopic/"
MEDTOP = "medtop"
MOST_TOLD = 8
_QUALIFIED = re.compile(r"(.*\S)\s*\(([^()]+)\)")
_NORWEGIAN = {"nb": ("nb", "no"), "nn": ("nn", "no")}
Labels = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class TopicNames:
    """The names by concept id, live and retired: each a mapping from language (as IPTC tells it: ``de``, ``pt-BR``) to name."""

    names: Mapping[str, Mapping[str, str]]
    languages: tuple[str, ...]

    def of(self, concept_id: str) -> Mapping[str, str]:
        """Return a concept's names by language, empty for an unknown id."""
        return self.names.get(concept_id, {})

    def by_language(self, concept_id: str) -> Mapping[str, tuple[str, ...]]:
        """Return the names under the codes that texts bear (``pt`` for both kinds of Portuguese), each once."""
        found: dict[str, dict[str, None]] = {}
        for told, name in self.of(concept_id).items():
            for language in codes_of(told):
                found.setdefault(language, {})[name] = None
        return {language: tuple(names) for language, names in found.items()}

    def name(self, concept_id: str, language: str) -> str | None:
        """Return a concept's name in a language told in any way (``de``, ``pt-BR``, ``no``), or None when there is none."""
        named = self.of(concept_id)
        return named.get(language) or next(iter(self.by_language(concept_id).get(normalise(language) or "", ())), None)


@cache
def topic_names() -> TopicNames:
    """Return the names of all Media Topics (c) IPTC, CC BY 4.0; about 10 ms on first use."""
    table = json.loads(resources.files("newstagger").joinpath("data/mediatopics_names.json").read_text("utf-8"))
    topics, languages = media_topics(), tuple(table["languages"])
    preferred = {concept_id: one.pref_label for one_by_id in (topics.concepts, topics.retired) for concept_id, one in one_by_id.items()}
    told = {f"medtop:{code}": row for code, row in table["names"].items()}
    return TopicNames({concept_id: _row(row, languages, preferred[concept_id]) for concept_id, row in told.items()}, languages)


def _row(row: Sequence[str], languages: Sequence[str], preferred: str) -> Mapping[str, str]:
    """Return one concept's names; English ones that are the preferred one are not written out."""
    filled = {language: name or (preferred if language.startswith("en") else "") for language, name in zip(languages, row, strict=True)}
    return {language: name for language, name in filled.items() if name}


def codes_of(told: str) -> tuple[str, ...]:
    """Return the codes that texts in a language bear: ``pt`` for ``pt-BR``, ``nb`` and ``no`` for ``nb``; none for no language."""
    code = normalise(told)
    return () if code is None else _NORWEGIAN.get(code, (code,))


@cache
def known_codes() -> frozenset[str]:
    """Return the codes of texts that there are names for."""
    return frozenset(code for told in topic_names().languages for code in codes_of(told))


def sought(name: str) -> tuple[str, ...]:
    """Return what to look for in texts: the alternatives of "kerosene/paraffin", both parts of "traditional medicine (TCM)".

    A name with a qualifier, such as "trial (court)", gives nothing: the vocabulary itself says that it means other things too.
    """
    if (match := _QUALIFIED.fullmatch(name)) is None:
        return tuple(part.strip() for part in name.split("/") if part.strip())
    plain, qualifier = match.groups()
    return (*sought(plain), qualifier) if qualifier.isupper() and qualifier.isalpha() else ()


class TopicLabels:
    """Turns labels of a corpus into ids of Media Topics, and gathers those that mean none, each with the place it stood at first."""

    def __init__(self) -> None:
        self._wrong: dict[str, tuple[str, tuple[str, ...]]] = {}

    def ids(self, labels: Iterable[str], language: str | None, where: str) -> tuple[str, ...]:
        """Return the ids; a label that means none, or several, stays as it is and is told by ``expect_known``."""
        return tuple(dict.fromkeys(self._id(label, language, where) for label in labels))

    def _id(self, label: str, language: str | None, where: str) -> str:
        told = f"medtop:{label.removeprefix(URI)}" if label.startswith(URI) else label
        if prefix_of(told) or told.startswith(OWN):  # resolved like any other id
            return told
        found = topics_named(told, language)
        if len(found) == 1:
            return found[0]
        self._wrong.setdefault(label, (where, found))
        return label

    def expect_known(self) -> None:
        """Raise TaxonomyError that lists the labels that are no Media Topic's name, with line and nearest match."""
        if not self._wrong:
            return
        first = list(self._wrong.items())[:MOST_TOLD]
        told = "; ".join(f"{label[:60]!r} ({where}: {_why(label, found)})" for label, (where, found) in first)
        more = f"; and {len(self._wrong) - MOST_TOLD} more" if len(self._wrong) > MOST_TOLD else ""
        count = "1 label names" if len(self._wrong) == 1 else f"{len(self._wrong)} labels name"
        what = f"{count} no one Media Topic: {told}{more}"
        raise TaxonomyError(what, next_step="correct them, or translate them with --label-map")


def topics_named(name: str, language: str | None = None) -> tuple[str, ...]:
    """Return the ids of the live Media Topics of that name in any language; case and blanks do not matter.

    Of several those that bear it in ``language`` are meant, then the one whose English name it is; a retired one means its successor.
    """
    bearers = _index().get(_key(name), {})
    if len(bearers) > 1 and language:
        mine = {told: codes for told, codes in bearers.items() if normalise(language) in codes}
        bearers = mine or bearers
    if len(bearers) > 1:
        english = {told: codes for told, codes in bearers.items() if "en" in codes}
        bearers = english if len(english) == 1 else bearers
    return tuple(bearers)


@cache
def _index() -> Mapping[str, Mapping[str, frozenset[str]]]:
    """Return by name the ids that bear it, each with the languages; live concepts first of all."""
    topics, names = media_topics(), topic_names().names
    live = _bearers({told: row for told, row in names.items() if told in topics.concepts})
    retired = _bearers({topics.successors[told]: row for told, row in names.items() if told in topics.successors})
    return {**retired, **live}


def _bearers(names: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, frozenset[str]]]:
    index: dict[str, dict[str, frozenset[str]]] = {}
    for concept_id in sorted(names):
        for told, name in names[concept_id].items():
            mine = index.setdefault(_key(name), {})
            mine[concept_id] = mine.get(concept_id, frozenset()) | frozenset(codes_of(told))
    return index


@cache
def _retired_names() -> Mapping[str, str]:
    topics = media_topics()
    return {_key(name): told for told in sorted(topics.retired) for name in topic_names().of(told).values()}


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()


def _why(label: str, found: Sequence[str]) -> str:
    """Return what a person can do about a label: which of several it could mean, or what comes nearest."""
    concepts = media_topics().concepts
    if found:
        return "it could be " + " or ".join(f"{told} ({concepts[told].pref_label})" for told in found[:3])
    if (retired := _retired_names().get(_key(label))) is not None:
        return media_topics().hint(retired)
    near = difflib.get_close_matches(_key(label)[:80], _index(), 1, 0.7)
    return f"did you mean {near[0]!r}, {next(iter(_index()[near[0]]))}?" if near else "nothing comes near"
