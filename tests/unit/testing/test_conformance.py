"""The kit can fail: for each of its rules there is an adapter, broken on purpose, that this rule finds out."""

from __future__ import annotations

import contextlib
import importlib.util
import inspect
import re
import sys
from dataclasses import replace
from functools import partial

import pytest

from newstagger.domain import Action, ArticleRef, Decision, EditorDecision, Event, FormState, Origin
from newstagger.errors import StateError
from newstagger.testing import Trouble, newsroom
from newstagger.testing.conformance import AdapterRules
from newstagger.testing.pressroom import Overtaken, Panel, Term
from newstagger.testing.rules.desk import Desk

RULES = sorted(name for name in dir(AdapterRules) if name.startswith("test_"))


@pytest.fixture(scope="module")
def example(repository):
    """Return the example's driver, as a module, with the adapter that it installs as ``Adapter``."""
    project = repository / "plugins" / "newstagger-pressroom"
    if str(project / "src") not in sys.path:
        sys.path.insert(0, str(project / "src"))
    spec = importlib.util.spec_from_file_location("pressroom_driver", project / "tests" / "test_conformance.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.Adapter = importlib.import_module("newstagger_pressroom.adapter").Adapter
    return module


# --- broken adapters: each takes the example's methods and spoils one thing


def loops(base):
    class Broken(base):
        def _write_back(self, article, stamp, tagging):
            self._cms.update(article, terms=self._terms(self._cms.read(article).terms, tagging))

    return Broken


def makes_a_revision(base):
    class Broken(base):
        def _write_back(self, article, stamp, tagging):
            held = self._cms.read(article).terms
            if set(terms := self._terms(held, tagging)) != set(held):
                self._cms.update(article, terms=terms)

    return Broken


def takes_people_for_machines(base):
    class Broken(base):
        def _article(self, event):
            article = super()._article(event)
            return replace(article, existing_tags=tuple(replace(tag, origin=Origin.MACHINE) for tag in article.existing_tags))

    return Broken


def keeps_what_was_rejected(base):
    class Broken(base):
        def _terms(self, held, tagging):
            rejected = [term for term in held if term.code in tagging.rejected]
            return (*super()._terms(held, tagging), *rejected)

    return Broken


def takes_stale_forms_for_rejections(base):
    class Broken(base):
        def _article(self, event):
            article = super()._article(event)
            last = self._host.explain(article.ref)
            held = tuple(tag.concept.id for tag in last.tags) if last and event.post else ()
            return replace(article, form=FormState(held=held) if event.post else None)

    return Broken


def takes_writing_for_accepting(base):
    class Broken(base):
        def _article(self, event):
            article = super()._article(event)
            human = tuple(replace(tag, origin=Origin.HUMAN) for tag in article.existing_tags)
            return replace(article, existing_tags=human, form=article.form and FormState())

    return Broken


def reads_every_event(base):
    class Broken(base):
        def _article(self, event):
            article = super()._article(event)
            return replace(article, event=Event.DRAFT if event.post is None else article.event)

    return Broken


def restores_as_a_form(base):
    class Broken(base):
        def _article(self, event):
            article = super()._article(event)
            if event.kind != "restored":
                return article
            last = self._host.explain(article.ref)
            return replace(article, event=Event.DRAFT, form=FormState(held=tuple(tag.concept.id for tag in last.tags)))

    return Broken


def under_another_name(wrong):
    """Break the identity of the article where ``wrong(event)`` is true."""

    def spoil(base):
        class Broken(base):
            def _article(self, event):
                article = super()._article(event)
                return replace(article, ref=replace(article.ref, id=f"{article.ref.id}-again")) if wrong(event) else article

        return Broken

    return spoil


def loses_the_copys_origin(base):
    class Broken(base):
        def _article(self, event):
            return replace(super()._article(event), copied_from=None)

    return Broken


def tells_the_copys_origin_once(base):
    class Broken(base):
        def _article(self, event):
            article = super()._article(event)
            return article if event.kind == "copied" else replace(article, copied_from=None)

    return Broken


def believes_every_click(base):
    class Broken(base):
        def rejected(self, article, code, user):
            super().rejected(article, code, user)
            return ""

    return Broken


def rejects_as_removed(base):
    class Broken(base):
        def rejected(self, article, code, user):
            self._host.editor_decided(EditorDecision(self._ref(article), code, Action.REMOVED, by=user))
            return ""

    return Broken


def writes_what_was_rejected(base):
    class Broken(base):
        def _terms(self, held, tagging):
            return super()._terms(held, replace(tagging, rejected=()))

    return Broken


def never_looks_again(base):
    class Broken(base):
        def _write_back(self, article, stamp, tagging):
            with contextlib.suppress(Overtaken):
                super()._write_back(article, stamp, tagging)

    return Broken


def tells(**wrong):
    """Tell the host something else of every article, whatever the CMS knows."""

    def spoil(base):
        class Broken(base):
            def _article(self, event):
                return replace(super()._article(event), **wrong)

        return Broken

    return spoil


def tells_nothing_shown(base):
    class Broken(base):
        def _article(self, event):
            article = super()._article(event)
            return replace(article, form=article.form and replace(article.form, shown=()))

    return Broken


def takes_machines_for_people(base):
    class Broken(base):
        def _article(self, event):
            article = super()._article(event)
            return replace(article, existing_tags=tuple(replace(tag, origin=Origin.HUMAN) for tag in article.existing_tags))

    return Broken


def splits_at_commas(base):
    class Broken(base):
        def _terms(self, held, tagging):
            terms = super()._terms(held, tagging)
            return tuple(replace(term, label=part.strip()) for term in terms for part in re.split(",|/", term.label))

    return Broken


def quotes_raw_evidence(base):
    class Broken(base):
        def panel(self, article, version):
            panel = super().panel(article, version)
            last = self._host.explain(self._ref(article))
            quotes = [quote.quote for tag in (last.tags if last else ()) for each in tag.evidence for quote in each.quotes]
            return replace(panel, html=panel.html + "".join(f"<q>{quote}</q>" for quote in quotes))

    return Broken


def leaks(kinds):
    """Put what was just saved onto the live page."""

    def spoil(base):
        class Broken(base):
            def saved(self, event):
                super().saved(event)
                if event.kind in kinds:
                    self._cms._stories[event.article].live = self._cms.read(event.article)

        return Broken

    return spoil


def tags_a_kill(base):
    class Broken(base):
        def _article(self, event):
            article = super()._article(event)
            return replace(article, event=Event.DRAFT) if article.event is Event.KILL else article

    return Broken


def buries_the_killed(base):
    class Broken(base):
        def saved(self, event):
            self._dead = getattr(self, "_dead", set()) | ({event.article} if event.kind == "withdrawn" else set())
            if event.kind == "withdrawn" or event.article not in self._dead:
                super().saved(event)

    return Broken


def mixes_articles_up(base):
    class Broken(base):
        def _ref(self, article):
            return ArticleRef(self._site, "story")

    return Broken


def forgets_the_kill(base):
    class Broken(base):
        def _now(self, article):
            return replace(super()._now(article), kind="backfill")

    return Broken


def lets_trouble_through(base):
    class Broken(base):
        def saved(self, event):
            super().saved(event)
            if self._cms.note(event.article):
                raise RuntimeError("no tags")

    return Broken


def tells_nobody(base):
    class Broken(base):
        def saved(self, event):
            super().saved(event)
            self._cms.note(event.article, "")

        def rejected(self, article, code, user):
            super().rejected(article, code, user)
            return ""

    return Broken


def tells_always(base):
    class Broken(base):
        def saved(self, event):
            super().saved(event)
            self._cms.note(event.article, "tags may be missing")

    return Broken


def takes_trouble_for_an_answer(base):
    class Broken(base):
        def _terms(self, held, tagging):
            return super()._terms(held, replace(tagging, problems=()))

    return Broken


def keeps_its_old_tags(base):
    class Broken(base):
        def _terms(self, held, tagging):
            return tuple(dict.fromkeys((*held, *super()._terms(held, tagging))))

    return Broken


def writes_unseen(base):
    class Broken(base):
        def _write_back(self, article, stamp, tagging):
            super()._write_back(article, self._cms.read(article).stamp, tagging)

    return Broken


def heeds_no_order(base):
    class Broken(writes_unseen(base)):
        def _article(self, event):
            return replace(super()._article(event), revision=None)

    return Broken


def decides_again(base):
    class Broken(base):
        def saved(self, event):
            super().saved(event)
            for decision in self._host.feedback(self._ref(event.article))[:1]:
                self._host.editor_decided(decision)

    return Broken


def writes_suggestions(base):
    class Broken(base):
        def _terms(self, held, tagging):
            sure = tuple(replace(tag, decision=Decision.AUTO) for tag in tagging.tags)
            return super()._terms(held, replace(tagging, tags=sure))

    return Broken


def forgets_accepted_tags(base):
    class Broken(base):
        def _article(self, event):
            return replace(super()._article(event), form=None, existing_tags=())

    return Broken


def owns_every_tag(base):
    class Broken(base):
        def _terms(self, held, tagging):
            return super()._terms(tuple(replace(term, creator=self._creator) for term in held), tagging)

        def _article(self, event):
            return replace(super()._article(event), existing_tags=None)

    return Broken


def works_twice(base):
    class Broken(base):
        def saved(self, event):
            super().saved(event)
            self._host.article_saved(replace(self._article(event), source=str(event.version.stamp)))

    return Broken


def skips_what_is_unchanged(base):
    class Broken(base):
        def _write_back(self, article, stamp, tagging):
            if not tagging.unchanged:
                super()._write_back(article, stamp, tagging)

    return Broken


def hands_over_half(base):
    class Broken(base):
        def _article(self, event):
            return replace(super()._article(event), headline="")

    return Broken


def writes_raw_html(base):
    class Broken(base):
        def panel(self, article, version):
            panel = super().panel(article, version)
            last = self._host.explain(self._ref(article))
            quotes = "".join(version.body.replace("&lt;", "<").replace("&gt;", ">"))
            return Panel(panel.offers, "".join(f"<p>{tag.concept.pref_label} {quotes}</p>" for tag in (last.tags if last else ())))

    return Broken


def writes_raw_wire_ids(base):
    class Broken(base):
        def panel(self, article, version):
            last = self._host.explain(self._ref(article))
            ids = [match.wire_id for match in last.reuse.matches] if last and last.reuse else []
            return replace(super().panel(article, version), html="".join(ids))

    return Broken


def shows_nothing_to_typists(base):
    class Broken(base):
        def saved(self, event):
            super().saved(event)
            self._typing = event.kind == "autosaved"

        def panel(self, article, version):
            return Panel() if self._typing else super().panel(article, version)

    return Broken


def knows_no_limits(base):
    class Broken(base):
        def _terms(self, held, tagging):
            long = [Term(tag.concept.id, tag.concept.pref_label, self._creator) for tag in tagging.tags if tag.decision is Decision.AUTO]
            return tuple({term.code: term for term in (*long, *super()._terms(held, tagging))}.values())

    return Broken


def needs_ordinary_words(base):
    class Broken(base):
        def saved(self, event):
            event.version.body.encode("ascii")
            super().saved(event)

    return Broken


def raises_without_a_ledger(base):
    class Broken(base):
        def saved(self, event):
            super().saved(event)
            if "not stored" in self._cms.note(event.article) or "locked" in self._cms.note(event.article):
                raise StateError("no ledger")

    return Broken


def tries_again_as_a_new_article(base):
    class Broken(base):
        def saved(self, event):
            super().saved(event)
            if self._cms.note(event.article):
                article = self._article(event)
                again = replace(article, ref=replace(article.ref, id="again"))
                self._write_back(event.article, article.revision, self._host.article_saved(again))

    return Broken


def backfills_nothing(base):
    class Broken(base):
        def backfill(self):
            pass

    return Broken


def backfills_under_another_name(base):
    return under_another_name(lambda event: event.kind == "backfill")(base)


class NewHome:
    """A driver whose adapter keeps its memory in the process."""

    def restart(self):
        self.lives = getattr(self, "lives", 0) + 1
        self.settings = replace(self.settings, home=self.settings.home.with_name(f"life-{self.lives}"))
        super().restart()


class Ashore:
    """A driver whose autosave leaves a form behind that cannot be saved any more."""

    def open(self, article):
        form = super().open(article)
        form._form._cms = Refusing(form._form._cms)
        return form


class Refusing:
    """A CMS that refuses a form after its autosave."""

    def __init__(self, cms):
        self._inner, self._spoilt = cms, False

    def __getattr__(self, name):
        return getattr(self._inner, name)

    def save(self, *args, **kwargs):
        if self._spoilt:
            return args[0]
        self._spoilt = "autosaved" in args
        return self._inner.save(*args, **kwargs)


BREAKS = {
    "test_a_save_brings_tags": writes_suggestions,
    "test_articles_are_told_apart": mixes_articles_up,
    "test_a_killed_story_may_return": buries_the_killed,
    "test_a_days_work": shows_nothing_to_typists,
    "test_the_host_is_told_what_was_saved": hands_over_half,
    "test_the_host_is_told_the_language": tells(language=None),
    "test_the_host_is_told_whose_tags": takes_machines_for_people,
    "test_a_decision_has_its_name": rejects_as_removed,
    "test_a_decision_has_its_editor": tells(saved_by=""),
    "test_no_loop": loops,
    "test_the_same_text_is_no_work": works_twice,
    "test_one_revision_a_save": makes_a_revision,
    "test_autosave_disturbs_nobody": Ashore,
    "test_write_back_is_no_edit": makes_a_revision,
    "test_tags_follow_the_text": keeps_its_old_tags,
    "test_refused_through_ten_saves": under_another_name(lambda event: event.version.stamp % 5 == 0),
    "test_refused_while_autosaving": under_another_name(lambda event: event.kind == "autosaved"),
    "test_refused_through_publishing": under_another_name(lambda event: event.kind == "published" and event.version.stamp > 2),
    "test_refused_after_a_restored_revision": keeps_what_was_rejected,
    "test_refused_in_a_copy": loses_the_copys_origin,
    "test_refused_in_a_copy_made_on_a_bad_day": tells_the_copys_origin_once,
    "test_refused_in_a_copy_that_was_overtaken": tells_the_copys_origin_once,
    "test_refused_persons_tag_in_a_restored_revision": writes_what_was_rejected,
    "test_refused_after_a_restart": NewHome,
    "test_refused_with_a_new_bundle": NewHome,
    "test_refused_without_a_form": under_another_name(lambda event: event.post is None),
    "test_refused_in_a_backfill": backfills_under_another_name,
    "test_the_last_word_counts": takes_people_for_machines,
    "test_an_added_tag_stays": owns_every_tag,
    "test_an_accepted_tag_stays": forgets_accepted_tags,
    "test_what_the_machine_wrote_is_no_acceptance": takes_writing_for_accepting,
    "test_a_stale_form_refuses_nothing": takes_stale_forms_for_rejections,
    "test_a_stale_form_brings_nothing_back": keeps_what_was_rejected,
    "test_a_stale_form_brings_no_persons_tag_back": writes_what_was_rejected,
    "test_a_stale_form_loses_no_persons_tag": forgets_accepted_tags,
    "test_an_import_decides_nothing": reads_every_event,
    "test_a_restored_revision_decides_nothing": restores_as_a_form,
    "test_a_draft_stays_inside": leaks({"saved"}),
    "test_an_autosave_stays_inside": leaks({"autosaved"}),
    "test_a_new_draft_is_not_live": leaks({"saved"}),
    "test_a_scheduled_story_waits": leaks({"published"}),
    "test_a_kill_is_never_tagged": tags_a_kill,
    "test_a_late_event_after_a_kill": forgets_the_kill,
    "test_trouble_fails_no_save": lets_trouble_through,
    "test_trouble_takes_no_tags_away": takes_trouble_for_an_answer,
    "test_a_missing_bundle_fails_no_save": tells_nobody,
    "test_broken_storage_fails_no_save": raises_without_a_ledger,
    "test_a_lost_decision_is_told": tells_nobody,
    "test_unreadable_decisions_give_no_tags": tries_again_as_a_new_article,
    "test_duplicates_change_nothing": decides_again,
    "test_a_late_event_changes_nothing": heeds_no_order,
    "test_a_text_that_moved_on_gets_no_old_tags": heeds_no_order,
    "test_a_text_that_moved_on_is_looked_at": never_looks_again,
    "test_a_save_without_a_form": takes_writing_for_accepting,
    "test_labels_are_text": writes_raw_html,
    "test_copy_is_text": writes_raw_html,
    "test_wire_ids_are_text": writes_raw_wire_ids,
    "test_labels_fail_no_save": knows_no_limits,
    "test_a_label_with_commas_is_one_tag": splits_at_commas,
    "test_odd_copy_is_saved": needs_ordinary_words,
}
MORE = [
    ("test_a_save_brings_tags", tells_always),
    ("test_trouble_fails_no_save", tells_nobody),
    ("test_trouble_fails_no_save", tells_always),
    ("test_a_stale_form_refuses_nothing", skips_what_is_unchanged),
    ("test_an_import_decides_nothing", backfills_nothing),
    ("test_a_text_that_moved_on_gets_no_old_tags", writes_unseen),
    ("test_a_decision_has_its_name", tells_nothing_shown),
    ("test_the_host_is_told_whose_tags", takes_people_for_machines),
    ("test_a_lost_decision_is_told", believes_every_click),
    ("test_copy_is_text", quotes_raw_evidence),
]
WHY = {
    tells_the_copys_origin_once: "a tag came back that its editor had refused",
    writes_what_was_rejected: "a person's tag came back that another had refused",
    rejects_as_removed: "rejecting a suggestion was not told as rejecting",
    tells_nothing_shown: "accepting a suggestion was not told as accepting",
    takes_machines_for_people: "the machine's tag was not told as the machine's",
    takes_people_for_machines: "a person's tag was not told as a person's|assert",
    believes_every_click: "a click that was not stored was told as done",
    never_looks_again: "a save that was overtaken did not look at the newer text",
    splits_at_commas: "a label with commas or quotes became other tags",
    quotes_raw_evidence: "copy came alive",
}
"""What a rule says of these, and of no other fault."""
WITH = {
    "test_trouble_fails_no_save": Trouble.RAISE,
    "test_a_stale_form_refuses_nothing": 0,
    "test_labels_fail_no_save": "endless",
    "test_a_label_with_commas_is_one_tag": "truce",
    "test_odd_copy_is_saved": "Ñandú",
}


def test_each_rule_is_proved():
    assert sorted(BREAKS) == RULES


def test_each_rule_is_told(repository):
    """The table of rules in plugins/README.md names every one of them, by the start of its name, and no other."""
    told = re.findall(r"`(test_\w+)…?`", (repository / "plugins" / "README.md").read_text("utf-8").split("### The rules, and why")[1])
    assert [rule for rule in RULES if not any(rule.startswith(start) for start in told)] == []
    assert [start for start in told if not any(rule.startswith(start) for rule in RULES)] == []


def test_a_lack_that_is_none_is_refused(example, tmp_path):
    cms = example.Driver(applies=True)
    cms.LACKS = {"auto_save": "there is none"}
    with pytest.raises(ValueError, match="LACKS holds auto_save; known are api_save, autosave"):
        Desk(cms, newsroom(tmp_path / "kit")).start()


@pytest.mark.slow
@pytest.mark.parametrize("rule, spoil", [*BREAKS.items(), *MORE])
def test_rule_finds_the_broken_adapter(rule, spoil, example, tmp_path, monkeypatch):
    kind = example.Driver
    if inspect.isclass(spoil):
        kind = type("BrokenDriver", (spoil, kind), {})
    else:
        monkeypatch.setattr("newstagger_pressroom.Adapter", spoil(example.Adapter))
    desk = Desk(kind(applies=True), newsroom(tmp_path / "kit")).start()
    check = partial(getattr(AdapterRules(), rule), desk)
    try:
        with pytest.raises(Exception, match=WHY.get(spoil)):  # whatever way it breaks, the rule does not pass
            check(WITH[rule]) if rule in WITH else check()
    finally:
        desk.tagger.wake()
