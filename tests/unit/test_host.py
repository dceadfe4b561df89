import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from newstagger.domain import Action, ArticleRef, Decision, EditorDecision, Event, ExistingTag, Origin, Proposal, ReuseReport, Verdict
from newstagger.errors import BundleNotFoundError, StateError, TaxonomyError
from newstagger.host import Host

WAR, SPORT = "medtop:16000000", "medtop:15000000"


def concepts(tagging):
    return [tag.concept.id for tag in tagging.tags]


def reject(host, concept, **fields):
    host.editor_decided(EditorDecision(ArticleRef("gazette", "1"), concept, Action.REJECTED, **fields))


def test_the_same_save_again_asks_no_tagger(build, words, make_article):
    host = build()
    first, second = host.article_saved(make_article()), host.article_saved(make_article())
    assert (first.unchanged, second.unchanged) == (False, True)
    assert words.tagger.asked == 1
    assert second.tags == first.tags
    assert second.tags[0].evidence[0].quotes[0].quote == "army"


@pytest.mark.parametrize(
    "change",
    [{"headline": "Elsewhere"}, {"body": "A late goal."}, {"credit": "AFP"}, {"byline": "By A. B."}, {"source": "dpa"}, {"id": "2"}],
)
def test_a_change_of_text_credit_or_article_is_work(build, words, make_article, change):
    host = build()
    host.article_saved(make_article())
    assert not host.article_saved(make_article(**change)).unchanged
    assert words.tagger.asked == 2


def test_an_event_alone_is_no_work(build, make_article):
    host = build()
    host.article_saved(make_article())
    assert host.article_saved(make_article(event=Event.PUBLISH)).unchanged


def test_a_changed_policy_is_work(build, make_article, settings):
    build().article_saved(make_article())
    tagging = build(policy=replace(settings.policy, deny=(WAR,))).article_saved(make_article())
    assert not tagging.unchanged
    assert concepts(tagging) == []


def test_a_restart_forgets_nothing(build, make_article):
    build().article_saved(make_article())
    assert build().article_saved(make_article()).unchanged


def test_a_rejected_tag_never_comes_back(build, make_article):
    host = build()
    host.article_saved(make_article())
    reject(host, WAR)
    after = host.article_saved(make_article())
    assert not after.unchanged
    for body in ("The army again.", "An army of editors.", "The army crossed the river before dawn on Sunday."):
        assert concepts(build().article_saved(make_article(body))) == []


def test_a_rejection_of_a_tag_that_was_never_shown_counts_for_nothing(build, make_article):
    host = build()
    reject(host, WAR, shown=False)
    assert concepts(host.article_saved(make_article())) == [WAR]


def test_a_tag_that_a_person_added_stays(build, make_article):
    host = build()
    host.editor_decided(EditorDecision(ArticleRef("gazette", "1"), SPORT, Action.ADDED))
    tagging = host.article_saved(make_article("Nothing about that."))
    assert [(t.concept.id, t.decision, t.tagger) for t in tagging.tags] == [(SPORT, Decision.AUTO, "editor")]
    assert tagging.tags[0].concept.pref_label == "sport"


def test_the_last_word_counts(build, make_article):
    host = build()
    for action in (Action.REJECTED, Action.ADDED, Action.REJECTED, Action.ACCEPTED):
        host.editor_decided(EditorDecision(ArticleRef("gazette", "1"), WAR, action))
    assert concepts(host.article_saved(make_article())) == [WAR]


def test_what_the_editor_does_in_the_cms_is_read(build, make_article):
    host = build()
    ours = (ExistingTag(WAR, Origin.MACHINE),)
    host.article_saved(make_article(existing_tags=()))
    assert concepts(host.article_saved(make_article(existing_tags=ours))) == [WAR]
    gone = host.article_saved(make_article(existing_tags=()))
    assert concepts(gone) == []
    assert [d.action for d in host.feedback(ArticleRef("gazette", "1"))] == [Action.REMOVED]
    back = host.article_saved(make_article(existing_tags=(ExistingTag(WAR),)))
    assert concepts(back) == [WAR]


def test_a_write_back_that_has_not_arrived_is_no_removal(build, make_article):
    host = build()
    for _ in range(3):
        assert concepts(host.article_saved(make_article(existing_tags=()))) == [WAR]
    assert host.feedback(ArticleRef("gazette", "1")) == ()


def test_our_own_tag_read_back_without_its_origin_is_no_editor_s_word(build, make_article):
    host = build()
    host.article_saved(make_article(existing_tags=()))
    host.article_saved(make_article(existing_tags=(ExistingTag(WAR, Origin.HUMAN),)))
    assert host.feedback(ArticleRef("gazette", "1")) == ()


def test_a_killed_story_has_no_tags(build, make_article, words):
    tagging = build().article_saved(make_article(event=Event.KILL))
    assert concepts(tagging) == []
    assert words.tagger.asked == 0


def test_without_a_model_the_save_stands_and_says_so(build, make_article, settings):
    tagging = Host(settings, discover=False).article_saved(make_article())
    assert [p.stage for p in tagging.problems] == ["bundle"]
    assert {a.reason for a in tagging.abstained} == {"no model is loaded"}
    with pytest.raises(BundleNotFoundError):
        Host(settings, discover=False, require_bundle=True)


def test_an_unreadable_ledger_gives_no_tags_rather_than_a_removed_one(build, make_article, settings):
    settings.home.mkdir(parents=True)
    settings.state_file.write_bytes(b"this is no database" * 100)
    tagging = build().article_saved(make_article())
    assert concepts(tagging) == []
    assert any("decisions cannot be read" in p.message for p in tagging.problems)
    with pytest.raises(StateError):
        reject(build(), WAR)


def test_a_locked_ledger_still_lets_the_save_through(build, make_article, settings):
    host = build()
    host.article_saved(make_article())
    lock = sqlite3.connect(settings.state_file, isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    tagging = host.article_saved(make_article("The army moved on.", id="1"))
    with pytest.raises(StateError, match="locked"):
        reject(host, WAR)
    lock.execute("ROLLBACK")
    lock.close()
    assert concepts(tagging) == [WAR]
    assert any("not stored" in p.message for p in tagging.problems)


def test_state_belongs_to_the_newsroom_alone(build, make_article, settings):
    build().article_saved(make_article())
    assert settings.state_file.stat().st_mode & 0o777 == 0o600


def test_a_stateless_host_writes_nothing(build, make_article, settings):
    host = build(stateless=True)
    assert concepts(host.article_saved(make_article())) == [WAR]
    assert not Path(settings.home).exists()
    with pytest.raises(StateError):
        reject(host, WAR)


def test_explain_gives_the_last_answer(build, make_article):
    host = build()
    assert host.explain(ArticleRef("gazette", "1")) is None
    told = host.article_saved(make_article())
    assert host.explain(ArticleRef("gazette", "1")).tags == told.tags


def test_concepts_are_looked_up_by_id(build):
    assert build().concept(WAR).pref_label == "conflict, war and peace"
    with pytest.raises(TaxonomyError, match="medtop:1"):
        build().concept("medtop:1")


def test_a_reload_that_fails_keeps_what_was_there(build, make_article):
    host = build()
    problems = host.reload()
    assert [p.stage for p in problems] == ["reload"]
    assert concepts(host.article_saved(make_article())) == [WAR]


def test_a_home_that_is_a_file_gives_no_tags(build, make_article, settings):
    settings.home.write_text("not a folder")
    tagging = build().article_saved(make_article())
    assert concepts(tagging) == []
    assert any("decisions cannot be read" in p.message for p in tagging.problems)


def test_what_was_decided_holds_where_nothing_can_be_written(build, make_article, settings, monkeypatch):
    host = build()
    host.article_saved(make_article())
    reject(host, WAR)

    def refuse(*_, **__):
        raise StateError("attempt to write a readonly database")

    monkeypatch.setattr("newstagger.newsroom.statefile.connect", refuse)
    tagging = build().article_saved(make_article("The army once more."))
    assert concepts(tagging) == []
    assert any("not stored" in p.message for p in tagging.problems)
    assert [t.concept.id for t in build().article_saved(make_article("The army.", id="2")).tags] == [WAR]


def test_a_stored_answer_that_does_not_read_back_is_made_anew(build, make_article, settings):
    build().article_saved(make_article())
    database = sqlite3.connect(settings.state_file)
    database.execute("UPDATE audit_save SET tagging = x'00'")
    database.commit()
    database.close()
    tagging = build().article_saved(make_article())
    assert (tagging.unchanged, concepts(tagging)) == (False, [WAR])


def test_an_event_may_be_told_by_its_name(build, make_article):
    assert concepts(build().article_saved(make_article(event="kill"))) == []
    with pytest.raises(ValueError, match="killed"):
        make_article(event="killed")


def test_half_a_surrogate_pair_in_a_field_costs_nothing(build, make_article):
    assert concepts(build().article_saved(make_article(byline="By \ud800", headline="H \udfff"))) == [WAR]


FIRST_SAVE = """
import sys
from pathlib import Path
from newstagger.domain import Article, ArticleRef
from newstagger.host import Host
from newstagger.settings import Settings

home, warmed = Path(sys.argv[1]), sys.argv[2] == "warmed"
host = Host(Settings(home=home, models=home, bundle="none"), discover=False)
if warmed:
    host.warm()
before = set(sys.modules)
body = "<p>Bruen over elven er stengt fra i dag, sier kommunen.</p>"
host.article_saved(Article(ArticleRef("gazette", "1"), "Ved elven", body, media_type="text/html"))
print(*sorted(set(sys.modules) - before))
"""


def first_save_loads(home, how):
    """Return the modules that the first save of a process of its own loads."""
    told = subprocess.run([sys.executable, "-c", FIRST_SAVE, str(home), how], capture_output=True, text=True, check=True)
    return set(told.stdout.split())


def test_a_warmed_host_has_loaded_what_the_first_save_needs(tmp_path):
    assert {"lxml.etree", "py3langid"} <= first_save_loads(tmp_path, "cold")
    assert first_save_loads(tmp_path, "warmed") == set()


def test_warming_asks_the_built_in_taggers_once_and_no_others(build, words, make_article, monkeypatch):
    asked = []
    detector = "newstagger.wire.detector.WireReuseDetector.check"
    monkeypatch.setattr(detector, lambda self, article, text: asked.append(text.string) or ReuseReport(Verdict.NOT_CHECKED))
    host = build()
    host.warm()
    assert (len(asked), words.tagger.asked, host.explain(ArticleRef("", ""))) == (1, 0, None)


def test_even_no_article_at_all_is_answered(build):
    assert [p.stage for p in build().article_saved(None).problems][-1] == "save"


def test_a_suggestion_is_what_a_save_would_answer_and_nothing_is_remembered(build, make_article, settings):
    host = build()
    asked = make_article()
    suggested = host.suggest(asked)
    assert not settings.state_file.exists()
    assert host.article_saved(asked).tags == suggested.tags != ()
    host.editor_decided(EditorDecision(asked.ref, suggested.tags[0].concept.id, Action.REJECTED))
    assert host.article_saved(asked).tags == ()
    assert host.suggest(asked).tags == suggested.tags
    assert host.suggest(None).problems


def test_who_only_wants_to_see_tags_is_told_them_without_evidence(build, make_article, words):
    class Quick(type(words.tagger)):
        def tag_tersely(self, article, text):
            return Proposal(tuple(replace(tag, evidence=()) for tag in self.tag(article, text).tags))

    words.tagger = Quick()
    host = build()
    assert [tag.evidence for tag in host.suggest(make_article()).tags] == [()]
    assert all(tag.evidence for tag in host.article_saved(make_article()).tags)
