"""The rules themselves: a frozen table read from the settings, and a pure function from one tagging to another."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from newstagger import Article, Decision, Facet, Tag, Tagging
from newstagger.domain import Abstention
from newstagger.errors import ConfigError

WHERE = "newstagger.toml, [plugins.houserules]"
CRIME_LAW_AND_JUSTICE = "medtop:02000000"
SPARED = Abstention(Facet.ACTOR, "house rule: a court story about minors")
MINOR_WORDS = (
    "youth court", "juvenile court", "juvenile offender", "cannot be named because of their age", "jugendgericht", "jugendstrafe",
    "minderjährige angeklagte", "tribunal pour enfants", "juge des enfants", "mineur mis en examen", "juzgado de menores",
    "tribunal de menores",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rules:
    """One newsroom's rules; the README of the plugin tells each."""

    never: tuple[str, ...] = ()
    at_most: Mapping[str, int] = field(default_factory=dict)
    rename: Mapping[str, str] = field(default_factory=dict)
    spare_minors: bool = False
    court_topics: tuple[str, ...] = (CRIME_LAW_AND_JUSTICE,)
    minor_words: tuple[str, ...] = MINOR_WORDS


def read_rules(table: Mapping[str, Any]) -> Rules:
    """Return the rules in a settings table; raise ConfigError naming the key that is unknown or has a wrong value."""
    known = [f.name for f in fields(Rules)]
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            raise ConfigError(
                f"unknown key {key}", where=WHERE, next_step=f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
            )
    values: dict[str, Any] = {key: _READ[key](key, value) for key, value in table.items()}
    return Rules(**values)


def _texts(key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise _wrong(key, "a list of texts")
    return tuple(value)


def _limits(key: str, value: Any) -> Mapping[str, int]:
    facets = {str(facet) for facet in Facet}
    if not isinstance(value, dict) or not all(name in facets and type(limit) is int and limit >= 0 for name, limit in value.items()):
        raise _wrong(key, f"a table of whole numbers under {', '.join(sorted(facets))}")
    return dict(value)


def _names(key: str, value: Any) -> Mapping[str, str]:
    if not isinstance(value, dict) or not all(isinstance(name, str) and name.strip() for name in value.values()):
        raise _wrong(key, "a table of names under concept ids")
    return dict(value)


def _yes_or_no(key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong(key, "true or false")
    return value


def _wrong(key: str, wanted: str) -> ConfigError:
    return ConfigError(f"{key} must be {wanted}", where=WHERE, next_step="correct the file")


_READ = {
    "never": _texts,
    "at_most": _limits,
    "rename": _names,
    "spare_minors": _yes_or_no,
    "court_topics": _texts,
    "minor_words": _texts,
}


def apply_rules(rules: Rules, article: Article, tagging: Tagging) -> Tagging:
    """Return the tagging with every rule applied; scores, margins and evidence stay as they are."""
    tags: Iterable[Tag] = [tag for tag in tagging.tags if tag.concept.id not in rules.never]
    abstained = tagging.abstained
    if rules.spare_minors and _is_court_story_about_minors(rules, article, tags):
        tags = [tag for tag in tags if tag.concept.facet is not Facet.ACTOR]
        abstained = (*(a for a in abstained if a.facet is not Facet.ACTOR), SPARED)
    tags = (_renamed(tag, rules.rename) for tag in _limited(tags, rules.at_most))
    return replace(tagging, tags=tuple(tags), abstained=abstained)


def _is_court_story_about_minors(rules: Rules, article: Article, tags: Iterable[Tag]) -> bool:
    shown = {tag.concept.id for tag in tags if tag.decision is not Decision.SILENT}
    words = f"{article.headline}\n{article.body}".casefold()
    return not shown.isdisjoint(rules.court_topics) and any(word.casefold() in words for word in rules.minor_words)


def _limited(tags: Iterable[Tag], at_most: Mapping[str, int]) -> Iterable[Tag]:
    """Make all but the surest shown tags of a facet silent; tags arrive sorted by score within their facet."""
    shown = dict.fromkeys(Facet, 0)
    for tag in tags:
        shown[tag.concept.facet] += tag.decision is not Decision.SILENT
        over = shown[tag.concept.facet] > at_most.get(tag.concept.facet, shown[tag.concept.facet])
        yield replace(tag, decision=Decision.SILENT) if over else tag


def _renamed(tag: Tag, names: Mapping[str, str]) -> Tag:
    name = names.get(tag.concept.id)
    return tag if name is None else replace(tag, concept=replace(tag.concept, pref_label=name))
