"""A running host under a vocabulary that changes: concepts come and go at the next save, and decisions outlive both."""

import itertools
import json
import threading
from dataclasses import replace
from importlib import resources

import jsonschema
import pytest

from newstagger.contracts import Tagger
from newstagger.domain import Action, ArticleRef, Concept, Decision, EditorDecision, Event, ExistingTag, Facet, FormState, Origin, Proposal
from newstagger.errors import ConfigError, TaxonomyError
from newstagger.formats.tagging_json import tagging_to_json
from newstagger.hookspecs import hookimpl
from newstagger.host import Host
from newstagger.newsroom.vocabulary import Entry, Overlay
from newstagger.newsroom.vocabularyfile import FILE, changing, load_overlay
from newstagger.settings import Mode, PolicySettings

WAR = "medtop:16000000"
DRONES = Entry("own:drone-warfare", "drone warfare", alt_labels=("drone strikes", "Drohnenkrieg"))
STORY = "The army spoke of drone strikes on the port."
REF = ArticleRef("gazette", "1")


@pytest.fixture
def vocabulary(settings):
    """Return what puts these entries into the newsroom's vocabulary in the place of all others."""

    def put(*entries):
        with changing(settings.home / FILE) as write:
            write(Overlay(tuple(sorted(entries, key=lambda entry: entry.id))))

    return put


@pytest.fixture
def save(build, make_article):
    host = build()

    def save(body=STORY, **fields):
        return host.article_saved(make_article(body, **fields))

    save.host = host
    return save


def told(tagging):
    return {tag.concept.id: tag.decision for tag in tagging.tags}


def decide(host, concept, action):
    host.editor_decided(EditorDecision(REF, concept, action))


def test_a_concept_is_suggested_at_the_next_save_and_gone_after_it_was_deleted(save, vocabulary):
    assert told(save()) == {WAR: Decision.AUTO}
    vocabulary(DRONES)
    added = save()
    assert not added.unchanged and told(added) == {WAR: Decision.AUTO, "own:drone-warfare": Decision.SUGGEST}
    [tag] = [tag for tag in added.tags if tag.concept.id == "own:drone-warfare"]
    assert (tag.tagger, tag.evidence[0].quotes[0].quote) == ("own-terms", "drone strikes")
    assert save().unchanged
    vocabulary()
    assert DRONES.id not in told(save.host.explain(REF))
    assert told(save()) == {WAR: Decision.AUTO}
    with pytest.raises(TaxonomyError):
        save.host.concept("own:drone-warfare")


def test_the_vocabulary_is_part_of_what_an_answer_depends_on(save, vocabulary, build):
    digests = {save.host.rules_digest}
    for entries in ([DRONES], [Entry(DRONES.id, "drone war")], [Entry(DRONES.id, "drone war", definition="From the air.")]):
        vocabulary(*entries)
        digests.add(save.host.rules_digest)
    assert len(digests) == 4
    assert build().rules_digest == save.host.rules_digest


def test_an_accepted_tag_goes_with_its_concept_and_comes_back_with_it(save, vocabulary):
    vocabulary(DRONES)
    decide(save.host, DRONES.id, Action.ACCEPTED)
    assert told(save("Nothing about that."))[DRONES.id] is Decision.AUTO
    vocabulary()
    assert told(save("Nothing about that.")) == {}
    assert [decision.action for decision in save.host.feedback(REF)] == [Action.ACCEPTED]
    vocabulary(DRONES)
    assert told(save("Nothing about that."))[DRONES.id] is Decision.AUTO


@pytest.mark.parametrize("form", [False, True])
def test_that_a_cms_drops_a_deleted_tag_is_no_editor_s_word(save, vocabulary, form):
    """Whether the adapter takes the tag off at once or later, and whether the concept is back by then or not."""
    mine = (ExistingTag(DRONES.id),)
    for number, (late, back_early) in enumerate(itertools.product((False, True), repeat=2)):
        fields = {"id": f"a{number}"}
        ref = ArticleRef("gazette", fields["id"])
        vocabulary(DRONES)
        save(existing_tags=(), **fields, form=FormState() if form else None)
        save(existing_tags=mine, **fields, form=FormState() if form else None)
        vocabulary()
        held = mine if late else ()
        assert DRONES.id not in told(save(existing_tags=held, **fields, form=FormState((DRONES.id,)) if form else None))
        if back_early:
            vocabulary(DRONES)
        save(existing_tags=(), **fields, form=FormState() if form else None)
        vocabulary(DRONES)
        assert told(save(existing_tags=(), **fields, form=FormState() if form else None))[DRONES.id] is Decision.AUTO
        assert [decision.action for decision in save.host.feedback(ref)] == [Action.ADDED]


def test_a_rejection_outlives_its_concept(save, vocabulary):
    vocabulary(DRONES)
    save()
    decide(save.host, DRONES.id, Action.REJECTED)
    for entries in ([], [DRONES]):
        vocabulary(*entries)
        assert DRONES.id not in told(save())


@pytest.mark.parametrize("action", [Action.ACCEPTED, Action.REJECTED])
def test_what_was_decided_about_a_replaced_concept_holds_for_its_successor(save, vocabulary, action):
    vocabulary(DRONES)
    save()
    decide(save.host, DRONES.id, action)
    vocabulary(Entry("own:unmanned-war", "unmanned war", alt_labels=DRONES.alt_labels, replaces=(DRONES.id,)))
    given = told(save())
    assert DRONES.id not in given
    assert given.get("own:unmanned-war") is (Decision.AUTO if action is Action.ACCEPTED else None)
    assert save.host.concept(DRONES.id).id == "own:unmanned-war"


def test_a_cms_that_writes_the_successor_in_the_place_of_the_old_id_decides_nothing(save, vocabulary):
    vocabulary(DRONES)
    save(existing_tags=())
    save(existing_tags=(ExistingTag(DRONES.id),))
    vocabulary(Entry("own:unmanned-war", "unmanned war", replaces=(DRONES.id,)))
    save(existing_tags=(ExistingTag(DRONES.id),))
    again = save(existing_tags=(ExistingTag("own:unmanned-war"),))
    assert told(again)["own:unmanned-war"] is Decision.AUTO
    assert [(d.concept, d.action) for d in save.host.feedback(REF)] == [(DRONES.id, Action.ADDED)]


def test_what_a_model_proposes_under_a_replaced_id_is_given_under_the_new_one(save, vocabulary):
    vocabulary(Entry("own:fighting", "fighting", replaces=(WAR,)))
    assert told(save()) == {"own:fighting": Decision.AUTO}


def test_a_known_concept_takes_the_newsroom_s_label_and_is_found_by_its_names(save, vocabulary):
    vocabulary(Entry(WAR, "war and peace", alt_labels=("drone strikes",)))
    [tag] = save().tags
    assert (tag.concept.pref_label, tag.decision, tag.tagger) == ("war and peace", Decision.AUTO, "words")
    [tag] = save("Nothing but drone strikes.").tags
    assert (tag.concept.pref_label, tag.decision, tag.tagger) == ("war and peace", Decision.SUGGEST, "own-terms")


def test_of_two_taggers_the_bolder_counts_and_never_makes_the_other_shy(build, make_article, vocabulary):
    vocabulary(Entry(WAR, "war", alt_labels=("river",)))
    host = build()
    [tag] = host.article_saved(make_article("The army at the river, the river, the river.", headline="River")).tags
    assert (tag.decision, tag.tagger) == (Decision.AUTO, "words")


def test_a_damaged_vocabulary_keeps_the_last_good_one_and_says_so(save, vocabulary, settings, build, make_article):
    vocabulary(DRONES)
    save()
    (settings.home / FILE).write_text("{")
    damaged = save(STORY + " Again.")
    assert DRONES.id in told(damaged)
    assert [p.stage for p in damaged.problems if FILE in p.message] == ["vocabulary"]
    vocabulary(DRONES)
    assert not [p for p in save(STORY + " And again.").problems if FILE in p.message]


def test_while_the_vocabulary_was_never_readable_no_own_concept_counts_as_deleted(save, vocabulary, settings, build, make_article):
    vocabulary(DRONES)
    decide(save.host, DRONES.id, Action.ADDED)
    (settings.home / FILE).write_text("{")
    assert told(build().article_saved(make_article("Nothing about that.")))[DRONES.id] is Decision.AUTO


def test_other_ids_that_nobody_knows_stay_as_they_are(save):
    decide(save.host, "desk:night", Action.ADDED)
    assert told(save("Nothing about that.")) == {"desk:night": Decision.AUTO}


def test_the_policy_holds_for_own_concepts(build, make_article, vocabulary, settings):
    vocabulary(DRONES)
    for policy in (PolicySettings(deny=(DRONES.id,)), PolicySettings(only=(WAR,)), PolicySettings(tags={DRONES.id: Mode.NEVER})):
        assert DRONES.id not in told(build(policy=policy).article_saved(make_article(STORY)))
    given = build(policy=PolicySettings(tags={DRONES.id: Mode.AUTO})).article_saved(make_article(STORY))
    assert told(given)[DRONES.id] is Decision.SUGGEST


def test_without_a_model_the_machine_still_abstains_and_own_concepts_are_found(settings, vocabulary, make_article):
    vocabulary(DRONES)
    tagging = Host(settings, discover=False).article_saved(make_article(STORY))
    assert told(tagging) == {DRONES.id: Decision.SUGGEST}
    assert {a.facet for a in tagging.abstained} == set(Facet)


def test_a_plugin_that_takes_the_own_concepts_is_asked_again_when_they_change(build, make_article, vocabulary):
    class Echo:
        def __init__(self):
            self.asked = []

        @hookimpl
        def register_taggers(self, bundle, own):
            self.asked.append([one.concept.id for one in own])
            return []

    host = build(echo := Echo())
    host.article_saved(make_article())
    vocabulary(DRONES)
    host.article_saved(make_article())
    host.article_saved(make_article())
    assert echo.asked == [[], [DRONES.id]]


def test_a_blocked_tagger_of_own_terms_leaves_the_names_to_editors(build, make_article, vocabulary):
    vocabulary(DRONES)
    host = build(block=("own_terms",))
    assert DRONES.id not in told(host.article_saved(make_article(STORY)))
    assert host.named("Drone  strikes")[0].id == DRONES.id


def test_a_killed_or_restored_article_with_a_deleted_concept_is_answered(save, vocabulary):
    held = (ExistingTag(DRONES.id, Origin.MACHINE), ExistingTag(WAR))
    for event in Event:
        assert DRONES.id not in told(save(existing_tags=held, event=event, id=str(event)))


def test_saves_in_many_threads_while_the_vocabulary_changes(save, vocabulary, settings):
    problems, stop = [], threading.Event()

    def work(number):
        while not stop.is_set():
            given = save(id=f"t{number}")
            problems.extend(p for p in given.problems if p.stage == "save")

    threads = [threading.Thread(target=work, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for turn in range(20):
        vocabulary(*([DRONES] if turn % 2 else []))
    stop.set()
    for thread in threads:
        thread.join()
    assert problems == [] and load_overlay(settings.home / FILE).entries == (DRONES,)
    assert DRONES.id in told(save(id="after"))


def test_concepts_are_found_by_name(build, vocabulary):
    vocabulary(DRONES, Entry("own:port", "Port", Facet.REGION), Entry("medtop:15000000", "Sports", alt_labels=("games",)))
    host = build()
    assert [c.id for c in host.named(" DRONE\nstrikes ")] == [DRONES.id]
    assert [c.id for c in host.named("sport")] == [c.id for c in host.named("Games")] == ["medtop:15000000"]
    assert host.named("sport")[0].pref_label == "Sports"
    assert host.named("port", Facet.TOPIC) == () and host.named("port", Facet.REGION)[0].id == "own:port"
    assert host.named("") == host.named("no such thing at all") == host.named("x" * 100_000) == ()
    vocabulary()
    assert host.named("drone strikes") == ()


def test_places_and_actors_of_the_bundle_are_found_by_name(settings):
    host = Host(replace(settings, bundle="starter"), discover=False)
    assert [c.id for c in host.named(" syria ", Facet.REGION)][:1] == ["iso:SY"]
    assert host.named("Syrian", Facet.REGION) == ()
    assert [c.id for c in host.named("NATO", Facet.ACTOR)] == [c.id for c in host.named("nato", Facet.ACTOR)] != []
    paris = host.named("Paris", Facet.REGION)
    assert len(paris) > 1 and "iso:FR" in paris[0].broader
    assert [c.id for c in host.named("sport")] == ["medtop:15000000"]


def test_a_strict_host_refuses_a_damaged_vocabulary(build, vocabulary, settings, tiny_bundle, make_article):
    vocabulary(DRONES)
    host = build(strict=True, bundle=tiny_bundle)
    (settings.home / FILE).write_text("{")
    with pytest.raises(ConfigError, match=FILE):
        host.article_saved(make_article())


def test_an_answer_with_own_concepts_fits_the_public_schema(save, vocabulary):
    vocabulary(DRONES, Entry("own:port", "port", Facet.REGION))
    schema = json.loads(resources.files("newstagger").joinpath("data/schemas/tagging.schema.json").read_text("utf-8"))
    jsonschema.validate(json.loads(json.dumps(tagging_to_json(save(), everything=True))), schema)


def test_names_of_a_replaced_concept_mean_its_successor(build, vocabulary):
    vocabulary(Entry("own:fighting", "fighting", replaces=(WAR,)))
    assert [c.id for c in build().named("conflict, war and peace")] == ["own:fighting"]


def test_a_tagger_with_a_dictionary_is_asked_for_names(build):
    desk = Concept("desk:night", "Night desk", Facet.ACTOR)

    class Dictionary:
        name, facet = "dictionary", Facet.ACTOR

        def tag(self, article, text):
            return Proposal()

        def named(self, label):
            return (desk,) if label.casefold() == "night desk" else ()

        def concept(self, concept_id):
            return desk if concept_id == desk.id else None

    class Brings:
        @hookimpl
        def register_taggers(self, bundle):
            assert isinstance(Dictionary(), Tagger)
            return [Dictionary()]

    assert build(Brings()).named("NIGHT DESK") == (desk,)


def renamed(old, new, *replaces):
    """Return the vocabulary after an entry was removed and one added that replaces it, as the tool advises."""
    return lambda overlay: overlay.removing(old).adding(Entry(new, new.removeprefix("own:"), replaces=replaces or (old,)))


@pytest.fixture
def change(settings):
    def change(step):
        with changing(settings.home / FILE) as write:
            write(step(load_overlay(settings.home / FILE)))

    return change


STRUGGLE = Entry("own:armed-struggle", "armed struggle", replaces=(WAR,))
ARMY = "The army crossed the river."


@pytest.mark.parametrize("action", [Action.REJECTED, Action.ACCEPTED])
def test_a_renaming_keeps_what_was_decided_about_all_that_came_before(save, change, action):
    change(lambda overlay: overlay.adding(STRUGGLE))
    assert STRUGGLE.id in told(save(ARMY))
    decide(save.host, STRUGGLE.id, action)
    change(renamed(STRUGGLE.id, "own:combat"))
    answer = told(save(ARMY))
    assert WAR not in answer
    assert STRUGGLE.id not in answer
    assert ("own:combat" in answer) is action.wants
    change(renamed("own:combat", "own:fighting"))
    assert set(told(save(ARMY))) == ({"own:fighting"} if action.wants else set())


@pytest.mark.parametrize("several", [False, True])
def test_a_rejection_of_a_removed_concept_keeps_away_what_it_had_replaced(save, change, several):
    change(lambda overlay: overlay.adding(replace(STRUGGLE, replaces=(WAR, "medtop:15000000") if several else (WAR,))))
    save(ARMY)
    decide(save.host, STRUGGLE.id, Action.REJECTED)
    change(lambda overlay: overlay.removing(STRUGGLE.id))
    assert told(save(ARMY)) == {}
    assert told(save("The army scored a goal.")) == ({} if several else {"medtop:15000000": Decision.AUTO})
    change(lambda overlay: overlay.adding(replace(STRUGGLE, replaces=())))
    assert told(save(ARMY)) == {}
    decide(save.host, STRUGGLE.id, Action.ADDED)
    assert set(told(save(ARMY))) == {STRUGGLE.id}


def test_an_accepted_concept_that_was_removed_leaves_what_it_had_replaced(save, change):
    change(lambda overlay: overlay.adding(STRUGGLE))
    decide(save.host, STRUGGLE.id, Action.ACCEPTED)
    change(lambda overlay: overlay.removing(STRUGGLE.id))
    assert told(save("Nothing about that.")) == {WAR: Decision.AUTO}


@pytest.mark.parametrize("form", [None, FormState((DRONES.id,))])
def test_a_deleted_concept_that_stands_on_an_article_is_told_to_be_taken_off(save, vocabulary, form):
    vocabulary(DRONES)
    held = (ExistingTag(DRONES.id),)
    save("Nothing.", existing_tags=held)
    before = save.host.feedback(REF)
    vocabulary()
    for _ in range(2):  # the second is unchanged
        answer = save("Nothing.", existing_tags=held, form=form)
        assert (told(answer), answer.rejected) == ({}, (DRONES.id,))
    answer = save("Nothing.", existing_tags=(), form=form and FormState())
    assert answer.rejected == ()
    assert save.host.feedback(REF) == before
    vocabulary(DRONES)
    assert told(save("Nothing.", existing_tags=())) == {DRONES.id: Decision.AUTO}


@pytest.mark.parametrize("old_on_the_source", [True, False])
def test_a_copy_s_own_word_counts_whichever_of_two_ids_it_names(save, vocabulary, old_on_the_source):
    vocabulary(Entry("own:new", "new", replaces=("own:old",)))
    source, copy = ("own:old", "own:new") if old_on_the_source else ("own:new", "own:old")
    decide(save.host, source, Action.REJECTED)
    save.host.editor_decided(EditorDecision(ArticleRef("gazette", "copy"), copy, Action.ADDED))
    for body in ("Nothing.", "Nothing more."):
        assert "own:new" in told(save(body, id="copy", copied_from=REF))
