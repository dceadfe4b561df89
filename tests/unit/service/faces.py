"""What the tests of the faces share: a newsroom of two sites, served by uvicorn on a port of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import uvicorn

from newstagger.domain import Article, Concept, Decision, Evidence, Facet, Proposal, Quote, Role, Tag, Text
from newstagger.hookspecs import hookimpl
from newstagger.service.app import create_app
from newstagger.servicesettings import ServiceSettings, SiteSettings
from newstagger.settings import PolicySettings, Settings

SECRET = "whsec_" + "c2lnbmVk" * 4
KEY, OTHER = "key-of-the-courier", "key-of-the-herald"
WORDS = {
    "ferry": (Concept("medtop:20000343", "waterway and maritime transport", Facet.TOPIC, broader=("medtop:20000337",)), 0.9, Decision.AUTO),
    "strike": (Concept("medtop:20000533", "unemployment", Facet.TOPIC), 0.4, Decision.SUGGEST),
    "secret": (Concept("medtop:15000000", "sport", Facet.TOPIC), 0.3, Decision.SILENT),
    "Aleppo": (Concept("iso:SY", "Syria", Facet.REGION, ("Syrian Arab Republic",), exact_match=("wikidata:Q858",)), 0.8, Decision.AUTO),
    "pilots": (Concept("actor:pilots", "harbour pilots", Facet.ACTOR), 0.7, Decision.SUGGEST),
}


class WordTagger:
    """Tags of one facet where a word stands."""

    name = "words"

    def __init__(self, facet: Facet) -> None:
        self.facet = facet

    def tag(self, article: Article, text: Text) -> Proposal:
        found = []
        for word, (concept, score, decision) in WORDS.items():
            if concept.facet is self.facet and (at := text.string.find(word)) >= 0:
                reason = Evidence(word, 1.0, (Quote(at, at + len(word), word),))
                role = {Facet.TOPIC: Role.MAIN, Facet.REGION: Role.FOCUS, Facet.ACTOR: Role.ACTOR}[self.facet]
                found.append(Tag(concept, score, decision, role, 1.0, 0.0, 0.0, (reason,), self.name))
        return Proposal(tuple(found))

    def concept(self, concept_id: str) -> Concept | None:
        return next((concept for concept, *_ in WORDS.values() if concept.id == concept_id and concept.facet is self.facet), None)


class Words:
    """The plugin that brings a tagger of words for each facet."""

    @hookimpl
    def register_taggers(self, bundle: Any) -> list[WordTagger]:
        return [WordTagger(facet) for facet in Facet]


def newsroom(tmp_path: Path, *, policy: PolicySettings | None = None, **changes: Any) -> Settings:
    """Return the settings of a newsroom: the courier has both faces on, the herald none."""
    site = SiteSettings(
        keys=(KEY,), secrets=(SECRET,), faces=("annif", "imatrics"), policy=policy, create_concepts=changes.pop("create_concepts", False)
    )
    service = ServiceSettings(sites={"courier": site, "herald": SiteSettings(keys=(OTHER,))}, max_batch=8, max_body=200_000)
    (tmp_path / "models").mkdir(exist_ok=True)
    return replace(Settings(home=tmp_path / "home", models=tmp_path / "models", bundle="nothing-here", service=service), **changes)


def app_of(settings: Settings):
    return create_app(settings, plugins=[("words", Words())], discover=False)


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """Serve a newsroom on loopback; yield host and port."""
    config = uvicorn.Config(app_of(settings), "127.0.0.1", 0, log_level="warning", ws="none", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and thread.is_alive() and time.monotonic() < until:
        time.sleep(0.01)
    assert server.started
    try:
        yield f"127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)
