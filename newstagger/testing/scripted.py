"""A tagger that does as it is told: fixed tags for fixed words, and trouble on demand; what the conformance kit puts into a host.

No trained model is needed: ``newsroom`` makes settings with an empty bundle, ``promote`` makes another one current.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from newstagger.bundles.manifest import Provenance
from newstagger.bundles.store import open_store
from newstagger.contracts import LoadedBundle
from newstagger.domain import (
    Article,
    ArticleRef,
    Concept,
    Decision,
    Evaluation,
    Evidence,
    Facet,
    Passage,
    Proposal,
    Quote,
    ReuseReport,
    Role,
    Tag,
    Tagging,
    Text,
    Verdict,
    WireMatch,
)
from newstagger.hookspecs import hookimpl
from newstagger.settings import Settings

BUNDLE = "conformance"
SLEEP_SECONDS = 30.0
BUDGET_MS = 1_000
"""More than a newsroom gives, so that a busy machine breaks no rule."""
RIGHT_TO_LEFT = "backwards \u202eprice\u202c \u200f\u0645\u064a\u0646\u0627\u0621"
QUOTED = 'the "Salt/Tide" festival'
MARKUP = '"><img src=x onerror=alert(1) data-hostile="1"></textarea></script><script data-hostile="2">alert(2)</script>'


class Trouble(StrEnum):
    """What may be wrong with a tagger: it raises, sleeps 30 seconds, or tries to end the process."""

    NONE = "none"
    RAISE = "raise"
    SLEEP = "sleep"
    EXIT = "exit"


@dataclass(frozen=True, slots=True)
class Script:
    """What one word in the text leads to."""

    concept: Concept
    decision: Decision
    role: Role


SCRIPT: Mapping[str, Script] = {
    "harvest": Script(Concept("medtop:20000210", "agriculture", Facet.TOPIC), Decision.AUTO, Role.MAIN),
    "earthquake": Script(Concept("medtop:20000153", "earthquake", Facet.TOPIC), Decision.AUTO, Role.MAIN),
    "strike": Script(Concept("medtop:20000530", "labour strike", Facet.TOPIC), Decision.SUGGEST, Role.MAIN),
    "drizzle": Script(Concept("medtop:17000000", "weather", Facet.TOPIC), Decision.SILENT, Role.MAIN),
    "Norway": Script(Concept("iso:NO", "Norway", Facet.REGION), Decision.AUTO, Role.FOCUS),
    "dockers": Script(Concept("actor:kit-dockers-union", "Dockers' Union", Facet.ACTOR), Decision.SUGGEST, Role.ACTOR),
    "truce": Script(Concept("medtop:16000000", "conflict, war and peace", Facet.TOPIC), Decision.AUTO, Role.MAIN),
    "festival": Script(Concept("actor:kit-festival", QUOTED, Facet.ACTOR), Decision.AUTO, Role.ACTOR),
    "hostile": Script(Concept("actor:kit-hostile", f"hostile {MARKUP}", Facet.ACTOR), Decision.SUGGEST, Role.ACTOR),
    "endless": Script(Concept("actor:kit-endless", "endless " + "x" * 9_992, Facet.ACTOR), Decision.AUTO, Role.ACTOR),
    "backwards": Script(Concept("actor:kit-backwards", RIGHT_TO_LEFT, Facet.ACTOR), Decision.AUTO, Role.ACTOR),
}  # fmt: skip
"""What each word leads to, wherever it stands in headline or body; every bundle but the first makes each suggestion ``auto``."""
LABELS: Mapping[str, str] = {word: script.concept.pref_label for word, script in SCRIPT.items()}
"""The label that each word of the script leads to."""
TELLTALE = "hostile"
"""The word whose evidence is the whole line that it stands in, whatever a stranger wrote there."""
COPIED = "verbatim"
"""The word that the scripted reuse detector finds in wire copy of a hostile agency."""


class ScriptedTagger:
    """A plugin that tags by the script; ``trouble`` and ``meanwhile`` may be changed at any time.

    ``asked`` counts how often a tagger was set to work, ``saves`` holds every article that the host was handed (a kill is in
    ``retracted`` alone), ``taggings`` every answer that did work. ``meanwhile`` is called once, while the next article is being
    tagged, in the tagger's thread.
    """

    def __init__(self) -> None:
        self.trouble = Trouble.NONE
        self.meanwhile: Callable[[], None] | None = None
        self.asked = 0
        self.saves: list[Article] = []
        self.taggings: list[Tagging] = []
        self.retracted: list[ArticleRef] = []
        self._awake = threading.Event()
        self._lock = threading.Lock()

    @hookimpl
    def register_taggers(self, bundle: LoadedBundle | None) -> list[Any]:
        """Return one tagger a facet, or none without a bundle."""
        return [] if bundle is None else [_FacetTagger(self, facet, bundle) for facet in Facet]

    @hookimpl
    def register_reuse_detectors(self) -> list[Any]:
        """Return a detector that knows one wire story, with an id and an agency full of markup."""
        return [_CopyDetector()]

    @hookimpl
    def article_saved(self, article: Article) -> None:
        """Take note of the save; the answer is left to the taggers."""
        self.saves.append(article)

    @hookimpl
    def article_tagged(self, tagging: Tagging) -> None:
        """Take note of the answer."""
        self.taggings.append(tagging)

    @hookimpl
    def article_retracted(self, ref: ArticleRef) -> None:
        """Take note of the kill."""
        self.retracted.append(ref)

    def wake(self) -> None:
        """Let everybody who sleeps go home: threads that were left behind end now."""
        self._awake.set()

    def at_work(self) -> None:
        """Count one piece of work, let happen what is to happen meanwhile, and make the trouble that is asked for."""
        with self._lock:
            self.asked += 1
            meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()
        if self.trouble is Trouble.RAISE:
            raise RuntimeError("the model is broken")
        if self.trouble is Trouble.EXIT:
            raise SystemExit(3)
        if self.trouble is Trouble.SLEEP:
            self._awake.wait(SLEEP_SECONDS)


class _FacetTagger:
    """Tags one facet by the script; the topic tagger, which is asked first, makes the trouble."""

    def __init__(self, script: ScriptedTagger, facet: Facet, bundle: LoadedBundle) -> None:
        self.name, self.facet = f"scripted-{facet}", facet
        self._script, self._bundle = script, bundle.ref

    def tag(self, article: Article, text: Text) -> Proposal:
        """Return a tag for each word of the script that stands in the text."""
        if self.facet is Facet.TOPIC:
            self._script.at_work()
        found = ((text.string.find(word), word, script) for word, script in SCRIPT.items() if script.concept.facet is self.facet)
        return Proposal(tuple(self._tag(text, at, word, script) for at, word, script in found if at >= 0))

    def _tag(self, text: Text, at: int, word: str, script: Script) -> Tag:
        bold = self._bundle.version != "1" and script.decision is Decision.SUGGEST
        decision = Decision.AUTO if bold else script.decision
        quote = _line(text, at) if word == TELLTALE else text.quote(at, at + len(word))
        evidence = (Evidence(quote.quote, 2.5, (quote,)),)
        return Tag(script.concept, 0.9, decision, script.role, 2.0, -0.5, 0.0, evidence, self.name, self._bundle)


def _line(text: Text, at: int) -> Quote:
    end = text.string.find("\n", at)
    return text.quote(text.string.rfind("\n", 0, at) + 1, len(text.string) if end < 0 else end)


class _CopyDetector:
    """Finds one word in wire copy; leaves every other article to the next detector."""

    name = "scripted-reuse"

    def check(self, article: Article, text: Text) -> ReuseReport:
        """Return a report about the word, or *not checked*."""
        at = text.string.find(COPIED)
        if at < 0:
            return ReuseReport(Verdict.NOT_CHECKED, reason="the script knows nothing of this text")
        passage = Passage(at, at + len(COPIED), COPIED, 0, len(COPIED), 1)
        return ReuseReport(
            Verdict.PARTIALLY_DERIVED, 0.5, matches=(WireMatch(f"hostile-wire {MARKUP}", f"Agency {MARKUP}", 0.5, (passage,)),)
        )


def newsroom(home: Path, **changes: Any) -> Settings:
    """Return settings of a fresh newsroom under ``home``, with an empty bundle of its own; ``changes`` are of Settings."""
    models = home / "models"
    models.mkdir(parents=True)
    settings = replace(Settings(home=home / "newsroom", models=models, bundle=BUNDLE, site="kit", budget_ms=BUDGET_MS), **changes)
    promote(settings)
    return settings


def promote(settings: Settings) -> None:
    """Make another bundle current, with the next number; hosts that run take it up with their next restart at the latest."""
    store = open_store(settings)
    store.promote(str(store.write_candidate(BUNDLE, {}, Provenance(), Evaluation(()))))
