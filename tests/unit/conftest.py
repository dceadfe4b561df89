"""A host with made-up plugins and a fresh home: what the tests of a save need."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from newstagger.bundles.manifest import Provenance
from newstagger.bundles.store import open_store
from newstagger.domain import Article, ArticleRef, Concept, Decision, Evaluation, Evidence, Facet, Proposal, Quote, Role, Tag, Text
from newstagger.hookspecs import hookimpl
from newstagger.host import Host
from newstagger.settings import Settings

WAR = Concept("medtop:16000000", "conflict, war and peace", Facet.TOPIC)
SPORT = Concept("medtop:15000000", "sport", Facet.TOPIC)


class WordTagger:
    """Tags what a word says; counts how often it was asked."""

    name, facet = "words", Facet.TOPIC

    def __init__(self) -> None:
        self.asked = 0

    def tag(self, article: Article, text: Text) -> Proposal:
        self.asked += 1
        found = []
        for word, concept in (("army", WAR), ("goal", SPORT)):
            at = text.string.find(word)
            if at >= 0:
                evidence = (Evidence(word, 1.5, (Quote(at, at + len(word), word),)),)
                found.append(Tag(concept, 0.9, Decision.AUTO, Role.MAIN, 1.0, -0.5, 0.0, evidence, self.name))
        return Proposal(tuple(found))


class Words:
    """The plugin that brings the tagger."""

    def __init__(self) -> None:
        self.tagger = WordTagger()

    @hookimpl
    def register_taggers(self, bundle: Any) -> list[WordTagger]:
        return [self.tagger]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    models = tmp_path / "models"
    models.mkdir()
    return Settings(home=tmp_path / "home", models=models, bundle="nothing-here")


@pytest.fixture
def tiny_bundle(settings: Settings) -> str:
    """Return the name of a bundle that verifies and holds no facet."""
    return open_store(settings).write_candidate("tiny", {}, Provenance(), Evaluation(())).name


@pytest.fixture
def words() -> Words:
    return Words()


@pytest.fixture
def build(settings: Settings, words: Words) -> Callable[..., Host]:
    def build(*plugins: object, **changes: Any) -> Host:
        from dataclasses import replace

        named = [("words", words), *((type(plugin).__name__.lower(), plugin) for plugin in plugins)]
        keywords = {key: changes.pop(key) for key in ("stateless", "ledger", "require_bundle") if key in changes}
        return Host(replace(settings, **changes), plugins=named, discover=False, **keywords)

    return build


def article(body: str = "The army crossed the river before dawn on Sunday.", **fields: Any) -> Article:
    return Article(ArticleRef("gazette", fields.pop("id", "1")), fields.pop("headline", "At the river"), body, language="en", **fields)


@pytest.fixture
def make_article() -> Callable[..., Article]:
    return article
