"""Whatever the order of additions, deletions, replacements, saves and restarts: own concepts are given as editors want, or not at all.

A model in memory says what must hold; the host, its state and the vocabulary are the real ones.
"""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from newstagger.domain import Action, Article, ArticleRef, Decision, EditorDecision, ExistingTag, Origin
from newstagger.host import Host, Settings
from newstagger.newsroom.vocabulary import Entry
from newstagger.newsroom.vocabularyfile import FILE, changing, load_overlay

NAMES = ("tide", "pilotage", "dredging")
IDS = st.sampled_from([f"own:{name}" for name in NAMES])
REF = ArticleRef("gazette", "1")


class Newsroom(RuleBasedStateMachine):
    """One article in a CMS without forms, whose adapter writes what is ``auto`` and takes off what the answer lacks."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.settings = Settings(home=Path(self.folder.name), bundle="nothing-here")
        self.there, self.word, self.held, self.saves = set(), {}, {}, 0
        self.restart()

    def teardown(self):
        self.folder.cleanup()

    @rule()
    def restart(self):
        self.host = Host(self.settings, discover=False)

    @rule(concept=IDS)
    def add(self, concept):
        if concept not in self.there:
            self._change(lambda overlay: overlay.adding(Entry(concept, concept.removeprefix("own:"))))
            self.there.add(concept)

    @rule(concept=IDS)
    def delete(self, concept):
        if concept in self.there:
            self._change(lambda overlay: overlay.removing(concept))
            self.there.remove(concept)

    @rule(concept=IDS, action=st.sampled_from([Action.ACCEPTED, Action.REJECTED]))
    def click(self, concept, action):
        if concept in self.there:
            self.host.editor_decided(EditorDecision(REF, concept, action))
            self.word[concept] = action.wants

    @rule(concept=IDS)
    def type_in(self, concept):
        if concept in self.there and concept not in self.held:
            self.save()
            if concept not in self.held:
                self.held[concept] = Origin.HUMAN
                self.word[concept] = True
                self.save()

    @rule(concept=IDS)
    def take_off(self, concept):
        if concept in self.there and concept in self.held:
            self.save()
            if self.held.pop(concept, None):
                self.word[concept] = False
                self.save()

    @rule(strips=st.booleans(), words=st.sampled_from(["", "Tide and pilotage, tide, tide.", "Dredging."]))
    def save(self, strips=True, words=""):
        self.saves += 1
        held = tuple(ExistingTag(concept, origin) for concept, origin in sorted(self.held.items()))
        tagging = self.host.article_saved(Article(REF, "At the quay", f"{words} {self.saves}", language="en", existing_tags=held))
        given = {tag.concept.id: tag.decision for tag in tagging.tags}
        assert {problem.stage for problem in tagging.problems} <= {"bundle"}
        assert set(given) <= self.there
        for concept in self.there & self.word.keys():
            assert given.get(concept) is (Decision.AUTO if self.word[concept] else None)
        self._write_back({concept for concept, decision in given.items() if decision is Decision.AUTO}, tagging.rejected, strips)

    def _write_back(self, auto, rejected, strips):
        for concept in list(self.held):
            machine = self.held[concept] is Origin.MACHINE
            if concept not in auto and (machine or strips or concept in rejected):
                del self.held[concept]
        for concept in auto - self.held.keys():
            self.held[concept] = Origin.MACHINE

    def _change(self, change):
        with changing(self.settings.home / FILE) as write:
            write(change(load_overlay(self.settings.home / FILE)))


TestNewsroom = Newsroom.TestCase
TestNewsroom.settings = settings(max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
