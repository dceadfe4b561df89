"""Whatever the order of saves, decisions, promotions, restores and failures: the editor's word is law.

A machine in hypothesis' sense plays a newsroom on a real host over a real SQLite file. Its CMS keeps, beside what it tells, what
people really meant; every answer is held against that.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from newstagger.domain import Action, ArticleRef, Decision, EditorDecision, Event, Origin
from newstagger.errors import StateError
from newstagger.host import Host
from newstagger.newsroom import sqlite_state
from newstagger.settings import Mode, PolicySettings, Settings

from .cms_model import CONCEPTS, Form, Machine, Page, Sent, Word, flaky

NUMBERS = st.integers(0, 7)
BODIES = st.sampled_from(["word0 word1", "word1 word2 word3", "word0 word2", "nothing", "word0 word1 word2 word3"])
WEATHER = st.sampled_from([("write",), ("ledger write",), ("audit write",), ("archive write",), ("read", "write")])
QUIET = settings(deadline=None, suppress_health_check=list(HealthCheck))


class Newsroom(RuleBasedStateMachine):
    """One newsroom: a few pages, any number of open forms, events on their way."""

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp())
        self.weather: set[str] = set()
        self.forms: list[Form] = []
        self.queue: list[Sent] = []
        self.past: list[Sent] = []
        self.clock, self.version = 0, 0
        self.policy = PolicySettings()

    def teardown(self) -> None:
        shutil.rmtree(self.home)

    @initialize(apply=st.booleans())
    def begin(self, apply: bool) -> None:
        self.apply = apply
        self.policy = PolicySettings(mode=Mode.AUTO if apply else Mode.SUGGEST)
        self.pages = [Page(ArticleRef("desk", "1"))]
        self._build()

    def _build(self) -> None:
        self.real = sqlite_state(self.home / "newsroom.sqlite3")
        told = Settings(
            home=self.home,
            models=self.home,
            bundle="none",
            policy=self.policy,
            plugins={"machine": {"model": self.version}},
            budget_ms=60_000,
        )
        plugins = [("machine", Machine(self.version))]
        self.host = Host(told, plugins=plugins, discover=False, state=flaky(self.real, self.weather))

    def _now(self) -> int:
        self.clock += 1
        return self.clock

    # ---- what people do

    @rule(n=NUMBERS)
    def open_form(self, n: int) -> None:
        page = self.pages[n % len(self.pages)]
        self._open(page, page.tags)

    def _open(self, page: Page, tags: dict[str, Origin]) -> None:
        shown = set()
        if "read" not in self.weather and (last := self.host.explain(page.ref)) is not None:
            shown = {tag.concept.id for tag in last.tags if tag.decision is not Decision.SILENT}
            self._hold(page, last.tags)
        self.forms = [*self.forms, Form(page, dict(tags), set(tags), shown - set(tags))][-5:]

    @precondition(lambda self: self.forms)
    @rule(n=NUMBERS, concept=st.sampled_from(CONCEPTS))
    def put(self, n: int, concept: str) -> None:
        self.forms[n % len(self.forms)].put(concept)

    @precondition(lambda self: any(form.shown for form in self.forms))
    @rule(n=NUMBERS, which=NUMBERS)
    def accept_in_the_form(self, n: int, which: int) -> None:
        able = [form for form in self.forms if form.shown]
        form = able[n % len(able)]
        form.put(sorted(form.shown)[which % len(form.shown)])

    @precondition(lambda self: any(form.tags for form in self.forms))
    @rule(n=NUMBERS, which=NUMBERS)
    def take(self, n: int, which: int) -> None:
        able = [form for form in self.forms if form.tags]
        form = able[n % len(able)]
        form.take(sorted(form.tags)[which % len(form.tags)])

    @precondition(lambda self: self.forms)
    @rule(n=NUMBERS, event=st.sampled_from([Event.AUTOSAVE, Event.DRAFT, Event.PUBLISH]), body=st.none() | BODIES, later=st.booleans())
    def save_form(self, n: int, event: Event, body: str | None, later: bool) -> None:
        form = self.forms[n % len(self.forms)]
        page = form.page
        page.tags, page.body = dict(form.tags), body or page.body
        page.save()
        order = self._now()
        words = [Word(order, concept, keep) for concept, keep in form.intents.items()]
        page.words += words
        sent = Sent(page, page.article(event, form), words, form, order=order)
        if later:  # told from a queue: the form hears no answer
            form.base, form.intents = set(form.tags), {}
            self.queue.append(sent)
        else:
            self._deliver(sent, live=True)

    @precondition(lambda self: any(form.shown for form in self.forms))
    @rule(n=NUMBERS, which=NUMBERS, accept=st.booleans(), strip=st.booleans())
    def click(self, n: int, which: int, accept: bool, strip: bool) -> None:
        able = [form for form in self.forms if form.shown]
        form = able[n % len(able)]
        page, concept = form.page, sorted(form.shown)[which % len(form.shown)]
        action = Action.ACCEPTED if accept else Action.REJECTED
        try:
            self.host.editor_decided(EditorDecision(page.ref, concept, action, by="ben", revision=page.revision))
        except StateError:
            return  # told as not saved: the panel shows it so
        page.words.append(Word(self._now(), concept, accept, told=True))
        form.shown.discard(concept)
        form.strip(concept)
        if accept:
            form.tags[concept] = Origin.HUMAN
            form.base.add(concept)
        elif strip or any(sent.page is page for sent in self.queue):
            page.tags.pop(concept, None)

    @rule(n=NUMBERS, concept=st.sampled_from(CONCEPTS), body=st.none() | BODIES, later=st.booleans())
    def save_by_api(self, n: int, concept: str, body: str | None, later: bool) -> None:
        """A client puts one tag on, or takes it off if it is there."""
        page = self.pages[n % len(self.pages)]
        if not later:
            self._catch_up(page)
        keep = concept not in page.tags
        word = Word(self._now(), concept, keep if self._can_tell(page, concept, keep) and not later else None)
        if keep:
            page.tags[concept] = Origin.HUMAN
        else:
            del page.tags[concept]
        page.body = body or page.body
        page.words.append(word)
        self._send(page, Event.DRAFT, [word], later=later)

    def _can_tell(self, page: Page, concept: str, keep: bool) -> bool:
        """Without a form only a difference to the last save that was told of can be read."""
        last = self.real.audit.last(page.ref)
        seen = set() if last is None or last.seen is None else set(last.seen)
        if not keep:
            return concept in seen
        ours = set() if last is None else {tag.concept.id for tag in last.tagging.tags if tag.decision is Decision.AUTO}
        return concept not in ours | seen and (last is not None or page.said(concept) is not False) and page.inherited

    @rule(n=NUMBERS, body=BODIES, later=st.booleans())
    def save_text_by_api(self, n: int, body: str, later: bool) -> None:
        page = self.pages[n % len(self.pages)]
        page.body = body
        self._send(page, Event.CORRECT, [], later=later)

    @rule(n=NUMBERS, concept=st.sampled_from(CONCEPTS))
    def bring_in_tags(self, n: int, concept: str) -> None:
        page = self.pages[n % len(self.pages)]
        page.tags.setdefault(concept, Origin.HUMAN)
        self._send(page, Event.IMPORT, [])

    @precondition(lambda self: any(page.revisions for page in self.pages))
    @rule(n=NUMBERS, which=NUMBERS, in_form=st.booleans())
    def restore(self, n: int, which: int, in_form: bool) -> None:
        able = [page for page in self.pages if page.revisions]
        page = able[n % len(able)]
        tags, body = page.revisions[which % len(page.revisions)]
        if in_form:
            self._open(page, tags)
        else:
            page.tags, page.body = dict(tags), body
            self._send(page, Event.RESTORE, [])

    @precondition(lambda self: len(self.pages) < 3)
    @rule(n=NUMBERS)
    def copy(self, n: int) -> None:
        source = self.pages[n % len(self.pages)]
        page = Page(ArticleRef("desk", str(len(self.pages) + 1)), source.body, dict(source.tags), copied_from=source, inherited=False)
        self.pages.append(page)
        self._send(page, Event.DRAFT, [])

    @rule(n=NUMBERS)
    def kill(self, n: int) -> None:
        self._send(self.pages[n % len(self.pages)], Event.KILL, [])

    # ---- what happens around them

    @precondition(lambda self: self.queue)
    @rule(n=NUMBERS)
    def an_event_arrives(self, n: int) -> None:
        sent = self.queue[n % len(self.queue)]
        if sent.form is None:
            self._catch_up(sent.page, sent)
        self.queue = [one for one in self.queue if one is not sent]
        self._deliver(sent)

    @precondition(lambda self: self.past)
    @rule(n=NUMBERS)
    def an_event_arrives_again(self, n: int) -> None:
        sent = self.past[n % len(self.past)]
        before = self.real.ledger.decisions(sent.page.ref)
        tagging = self.host.article_saved(sent.article)
        assert self.real.ledger.decisions(sent.page.ref) == before, "an event that was told twice decides nothing"
        self._hold(sent.page, tagging.tags)

    @rule(promote=st.booleans(), deny=st.sampled_from([(), (), CONCEPTS[:1], CONCEPTS[1:3]]), most=st.integers(2, 4))
    def restart(self, promote: bool, deny: tuple[str, ...], most: int) -> None:
        """Start again on the same file, perhaps with a newer model and another policy."""
        self.version += promote
        self.policy = PolicySettings(mode=self.policy.mode, deny=deny, max_tags=most)
        self._build()

    @rule(weather=WEATHER)
    def storage_fails(self, weather: tuple[str, ...]) -> None:
        self.weather.clear()
        self.weather.update(weather)

    @precondition(lambda self: self.weather)
    @rule()
    def storage_works_again(self) -> None:
        self.weather.clear()

    # ---- telling newstagger, and holding its answer against what people meant

    def _send(self, page: Page, event: Event, words: list[Word], *, later: bool = False) -> None:
        page.save()
        carried = {concept for concept, origin in page.tags.items() if origin is Origin.HUMAN}
        sent = Sent(page, page.article(event, None), words, carried=carried, order=self._now())
        if later:
            self.queue.append(sent)
        else:
            self._catch_up(page)
            self._deliver(sent, live=True)

    def _catch_up(self, page: Page, until: Sent | None = None) -> None:
        """Without a form, two saves are compared: that takes a CMS that tells of them in order."""
        before = page.revision + 1 if until is None else until.article.revision
        older = [sent for sent in self.queue if sent.page is page and sent.article.revision < before]
        for sent in sorted(older, key=lambda sent: sent.article.revision):
            self.queue.remove(sent)
            self._deliver(sent)

    def _deliver(self, sent: Sent, *, live: bool = False) -> None:
        page = sent.page
        before, last = self.real.ledger.decisions(page.ref), self.real.audit.last(page.ref)
        late = last is not None and last.revision is not None and (sent.article.revision or 0) < last.revision
        tagging = self.host.article_saved(sent.article)
        failed = any(problem.stage == "state" for problem in tagging.problems)
        new = self.real.ledger.decisions(page.ref)[len(before) :]
        self._expect_decisions(sent, new, failed=failed, late=late)
        self._hold(page, tagging.tags)
        if sent.article.event is Event.KILL or "read" in self.weather:
            assert tagging.tags == ()
        elif not late:
            self._expect_nothing_lost(page, tagging, sent, failed=failed)
        if failed:
            page.untold |= set(CONCEPTS)  # without a form, the next save is compared with one too old
            page.missed = max(page.missed, sent.article.revision or 0)
            if not live:
                self.queue.append(sent)  # tried again
        else:
            if (sent.article.revision or 0) >= page.missed:
                page.untold.clear()
            self.past = [*self.past, sent][-8:]
        if live:
            self._write_back(sent, tagging, failed=failed)

    def _expect_decisions(self, sent: Sent, new: tuple[EditorDecision, ...], *, failed: bool, late: bool) -> None:
        """Every decision that was read is one that a person made; every one that a person made was read, unless it is told as failed."""
        page, said = sent.page, {word.concept: word for word in sent.words}
        for decision in new:
            concept, keep = decision.concept, decision.action.wants
            if decision.reason.startswith("copied from"):
                assert page.copied_from is not None
                assert not page.inherited
                page.words.insert(0, Word(-1, concept, keep, told=True))
            elif decision.reason == "a stale form had lost it":
                assert sent.form is not None
                assert concept not in {*sent.article.form.held, *said}
                assert any(tags.get(concept) is Origin.HUMAN for tags, _ in page.revisions), f"nobody put on {decision}"
                assert concept in page.untold or page.said(concept) is not False, f"{decision} was taken off"
                page.words.append(Word(sent.order, concept, True, told=True))
            elif concept in said:
                assert said[concept].keep in (keep, None), f"{decision} was not said"
                said[concept].told = True
            else:
                assert sent.form is None
                assert concept in page.untold or (keep and concept in sent.carried), f"nobody said {decision}"
                assert concept in page.untold or page.said(concept) is not False, f"{decision} was taken off"
                page.words.append(Word(sent.order, concept, keep, told=True))
        if not failed:
            page.inherited = True
            for word in sent.words:
                word.told = True

    def _expect_nothing_lost(self, page: Page, tagging, sent: Sent, *, failed: bool) -> None:
        given = {tag.concept.id: tag.decision for tag in tagging.tags}
        for concept in CONCEPTS:
            if page.truth(concept) is True and (sent.form is not None or concept not in page.untold):
                assert given.get(concept) is Decision.AUTO, f"{concept} is lost: {page.words}"
            if page.truth(concept) is False:
                assert concept in tagging.rejected
        if failed:  # what could not be stored still counts for this answer
            known = self.real.ledger.decisions(page.ref)  # an old save tried again does not unsay a later word
            later = {decision.concept for decision in known if (decision.revision or 0) > (sent.article.revision or 0)}
            assert not [word.concept for word in sent.words if word.keep is False and word.concept in given.keys() - later]

    def _hold(self, page: Page, tags) -> None:
        back = [tag.concept.id for tag in tags if page.truth(tag.concept.id) is False]
        assert back == [], f"{back} was taken off and is shown again"

    def _write_back(self, sent: Sent, tagging, *, failed: bool) -> None:
        """Do what an adapter does with an answer, in the CMS and in the form that was saved."""
        page, form = sent.page, sent.form
        before = dict(page.tags)
        for holder in [holder for holder in (page, form) if holder is not None]:
            for concept in tagging.rejected:
                page.tags.pop(concept, None) if holder is page else form.strip(concept)
        if form is not None and not failed:
            form.base, form.intents = set(form.tags), {}
            form.shown = {tag.concept.id for tag in tagging.tags if tag.decision is not Decision.SILENT} - set(form.tags)
        if self.apply and not failed:
            self._apply(page, form, tagging)
        if form is None and page.tags != before and not failed:
            self._send_echo(page)

    def _apply(self, page: Page, form: Form | None, tagging) -> None:
        auto = {tag.concept.id: tag for tag in tagging.tags if tag.decision is Decision.AUTO}
        for concept in [c for c, origin in page.tags.items() if origin is Origin.MACHINE and c not in auto]:
            del page.tags[concept]
            if form is not None:
                form.strip(concept)
        for concept, tag in auto.items():
            origin = Origin.HUMAN if tag.tagger == "editor" else Origin.MACHINE
            page.tags.setdefault(concept, origin)
            if form is not None and concept not in form.tags:
                form.tags[concept] = origin
                form.base.add(concept)

    def _send_echo(self, page: Page) -> None:
        """The CMS tells of our own write-back too."""
        page.save()
        carried = {concept for concept, origin in page.tags.items() if origin is Origin.HUMAN}
        self._deliver(Sent(page, page.article(Event.DRAFT, None), [], carried=carried, order=self._now()))


def play(examples: int, steps: int, *, derandomize: bool) -> None:
    """Play so many newsrooms of so many steps; what fails is printed as it was played, since shrinking takes minutes."""
    told = settings(QUIET, max_examples=examples, stateful_step_count=steps, derandomize=derandomize, phases=[Phase.generate])
    run_state_machine_as_test(Newsroom, settings=told)


def test_the_editor_s_word_is_law_whatever_the_order():
    play(25, 30, derandomize=True)


@pytest.mark.slow
def test_the_editor_s_word_is_law_in_thousands_of_steps():
    play(400, 60, derandomize="CI" in os.environ)  # where nobody looks on, the same newsrooms each time; at a desk, new ones


def test_a_tag_taken_off_and_put_on_again_in_late_saves_survives_an_import():
    state = Newsroom()
    state.begin(apply=True)
    state.save_by_api(body="nothing", concept="term:a", later=True, n=7)
    state.bring_in_tags(concept="term:b", n=7)
    state.an_event_arrives_again(n=4)
    state.an_event_arrives_again(n=0)
    state.bring_in_tags(concept="term:c", n=5)
    state.restart(deny=("term:a",), most=4, promote=False)
    state.restore(in_form=True, n=3, which=2)
    state.put(concept="term:a", n=5)
    state.put(concept="term:c", n=0)
    state.take(n=2, which=2)
    state.save_by_api(body="word1 word2 word3", concept="term:a", later=True, n=4)
    state.restart(deny=("term:a",), most=4, promote=True)
    state.restore(in_form=False, n=7, which=7)
    state.restart(deny=(), most=4, promote=True)
    state.copy(n=6)
    state.bring_in_tags(concept="term:a", n=0)
    state.put(concept="term:b", n=0)
    state.restart(deny=("term:a",), most=4, promote=False)
    state.save_by_api(body="word1 word2 word3", concept="term:b", later=False, n=4)
    state.an_event_arrives_again(n=2)
    state.save_by_api(body=None, concept="term:c", later=False, n=5)
    state.bring_in_tags(concept="term:a", n=3)
    state.bring_in_tags(concept="term:a", n=0)
    state.put(concept="term:d", n=3)
    state.save_form(body="nothing", event=Event.DRAFT, later=True, n=0)
    state.save_form(body="nothing", event=Event.DRAFT, later=True, n=4)
    state.put(concept="term:b", n=0)
    state.an_event_arrives_again(n=4)
    state.put(concept="term:c", n=1)
    state.save_by_api(body="nothing", concept="term:b", later=False, n=1)
    state.take(n=3, which=4)
    state.save_form(body=None, event=Event.DRAFT, later=False, n=5)
    state.copy(n=4)
    state.take(n=3, which=2)
    state.restart(deny=("term:a",), most=3, promote=False)
    state.bring_in_tags(concept="term:b", n=0)


def test_a_tag_rejected_and_accepted_while_saves_are_on_their_way_is_not_read_as_removed():
    state = Newsroom()
    state.begin(apply=False)
    state.save_text_by_api(body="word0 word1", later=True, n=2)
    state.storage_fails(weather=("archive write",))
    state.storage_works_again()
    state.bring_in_tags(concept="term:c", n=2)
    state.restore(in_form=False, n=3, which=0)
    state.save_text_by_api(body="word0 word2", later=False, n=1)
    state.restore(in_form=True, n=6, which=0)
    state.click(accept=True, n=1, strip=False, which=7)
    state.save_text_by_api(body="nothing", later=False, n=1)
    state.storage_fails(weather=("write",))
    state.save_text_by_api(body="word0 word1", later=False, n=5)
    state.storage_fails(weather=("archive write",))
    state.restore(in_form=False, n=6, which=3)
    state.restore(in_form=True, n=5, which=3)
    state.click(accept=True, n=6, strip=True, which=6)
    state.restore(in_form=True, n=1, which=7)
    state.restore(in_form=True, n=1, which=2)
    state.bring_in_tags(concept="term:c", n=0)
    state.save_text_by_api(body="word0 word1 word2 word3", later=True, n=1)
    state.click(accept=False, n=4, strip=False, which=0)
    state.click(accept=True, n=1, strip=False, which=7)
    state.save_text_by_api(body="nothing", later=True, n=7)
    state.storage_works_again()
    state.restore(in_form=False, n=2, which=2)


def test_a_tag_that_a_form_on_its_way_took_off_is_not_put_on_again_by_the_save_that_overtakes_it():
    state = Newsroom()
    state.begin(apply=False)
    state.storage_fails(weather=("ledger write",))
    state.save_text_by_api(body="word1 word2 word3", later=False, n=2)
    state.bring_in_tags(concept="term:c", n=0)
    state.copy(n=0)
    state.open_form(n=6)
    state.take(n=6, which=2)
    state.save_form(body="nothing", event=Event.DRAFT, later=True, n=4)
    state.storage_works_again()
    state.save_form(body="word0 word2", event=Event.AUTOSAVE, later=False, n=0)
