"""A save in Superdesk: tags in the same version, one version a save, nothing that is not ours touched, nobody kept waiting."""

from __future__ import annotations

import sqlite3
import threading

import pytest
import superdesk
from newsdesk import Refused, labels
from newstagger_superdesk.conf import Options
from newstagger_superdesk.process import LATE

from newstagger import ArticleRef, Event
from newstagger.host import Host
from newstagger.settings import Settings
from newstagger.testing import Trouble, newsroom

AGRICULTURE = {
    "name": "agriculture", "qcode": "20000210", "scheme": "mediatopics", "source": "newstagger", "parent": None, "aliases": [],
    "altids": {"newstagger": "medtop:20000210", "medtop": "20000210"},
}  # fmt: skip
NORWAY = {"name": "Norway", "qcode": "iso:NO", "scheme": "newstagger_region"}
HARVEST, QUAKE = "<p>Growers brought in the harvest.</p>", "<p>An earthquake rattled windows.</p>"
STRIKE = "<p>Bus crews voted for a strike.</p>"


def told(desk, item):
    """Return the lines that the editor got about a story."""
    return [line["message"] for line in desk.collection("activity").find({"name": "newstagger", "item": item["_id"]})]


def decisions(process, item):
    return [(d.concept, str(d.action), d.by) for d in process.host.feedback(ArticleRef(process.options.settings.site, item["_id"]))]


def test_tags_are_in_the_answer_in_the_archive_and_in_that_version(desk, tagger):
    item = desk.create(headline="News", body_html=HARVEST)
    assert item["subject"] == desk.read(item["_id"])["subject"] == [AGRICULTURE]
    (version,) = desk.versions(item["_id"])
    assert (version["_current_version"], version["subject"]) == (item["_current_version"], [AGRICULTURE])


def test_the_starter_tags_the_first_story(desk, process, tmp_path):
    process.restart(Options(Settings(home=tmp_path), 30_000), lambda told: Host(told.settings, discover=False))
    body = (
        "<p>OSLO - Doctors and nurses at hospitals across Norway walked out on Monday in a dispute over pay.</p>"
        "<p>The health ministry said that emergency wards in Oslo and Bergen stayed open.</p>"
    )
    item = desk.create(headline="Doctors strike over pay at hospitals across Norway", body_html=body)
    written = [(entry["qcode"], entry["scheme"], entry["source"]) for entry in item["place"]]
    assert ("iso:NO", "newstagger_region", "newstagger") in written
    assert told(desk, item) == []


def test_each_version_holds_the_tags_of_its_text(desk, tagger):
    item = desk.create(headline="News", body_html=HARVEST)
    item = desk.save(item, body_html=QUAKE)  # the client sends what was changed alone
    item = desk.save(item, body_html="<p>A delegation from Norway.</p>")
    assert [sorted(labels(version)) for version in desk.versions(item["_id"])] == [["agriculture"], ["earthquake"], ["Norway"]]
    assert labels(item) == labels(desk.read(item["_id"])) == {"Norway"}
    assert len(tagger.saves) == 3


def test_the_form_that_was_saved_may_be_saved_again(desk, tagger):
    item = desk.create(headline="News", body_html=HARVEST)
    for update in range(3):
        item = desk.save(item, body_html=f"{HARVEST}<p>{update}</p>")
    assert item["_etag"] == desk.read(item["_id"])["_etag"]


def test_the_item_history_shows_what_changed_alone(desk, tagger):
    item = desk.create(headline="News", body_html=HARVEST)
    desk.save(item, headline="Other news")
    updates = [entry["update"] for entry in desk.collection("archive_history").find({"item_id": item["_id"], "operation": "update"})]
    assert [sorted({"subject", "place", "organisation"} & set(update)) for update in updates] == [["subject"], []]


def test_what_is_not_ours_stays_as_it_is(desk, tagger):
    own = [{"name": "Page one", "qcode": "p1", "scheme": "desk_page"}, {"name": "Sport", "qcode": "15000000"}]
    place = [{"name": "NSW", "qcode": "NSW", "country": "Australia"}]
    item = desk.create(headline="News", body_html=HARVEST, subject=own, place=place)
    assert (item["subject"], item["place"]) == ([*own, AGRICULTURE], place)
    item = desk.save(item, body_html=QUAKE)
    assert item["subject"][:2] == own
    assert [tag.concept for tag in tagger.saves[-1].existing_tags] == ["medtop:20000210"]


def test_a_persons_entry_is_not_doubled(desk, tagger, process):
    item = desk.create(headline="News", body_html="<p>A delegation from Norway.</p>", place=[NORWAY])
    assert item["place"] == [NORWAY]
    item = desk.save(item, body_html="<p>A ferry.</p>")
    assert item["place"] == [NORWAY]
    assert decisions(process, item) == [("iso:NO", "added", "petra")]


def test_what_came_from_the_widget_is_the_persons(desk, tagger, process):
    item = desk.create(headline="News", body_html=STRIKE)
    (offer,) = desk.analyse(item)["subject"]
    item = desk.save(item, subject=[offer])
    assert item["subject"] == [{**offer, "source": "editor"}] != [offer]
    item = desk.save(item, body_html=QUAKE)
    assert labels(item) == {"labour strike", "earthquake"}
    assert decisions(process, item) == [("medtop:20000530", "accepted", "petra")]


def test_without_a_vocabulary_the_code_is_newstaggers(desk, tagger):
    desk.collection("vocabularies").delete_many({})
    process = desk.app.extensions["newstagger"]
    process.codes.known.__self__._kept.clear()  # it is read once a minute
    (entry,) = desk.create(headline="News", body_html=HARVEST)["subject"]
    process.codes.known.__self__._kept.clear()
    assert entry == {**AGRICULTURE, "qcode": "medtop:20000210"}


def test_superdesk_refuses_a_form_that_was_overtaken(desk, tagger):
    item = desk.create(headline="News", body_html=HARVEST)
    desk.save(item, headline="By somebody else")
    with pytest.raises(Refused) as refused:
        desk.save(item, headline="Too late", subject=[])
    assert refused.value.status == 412
    assert labels(desk.read(item["_id"])) == {"agriculture"}


def test_autosave_and_lock_tell_nobody(desk, tagger):
    item = desk.create(headline="News", body_html=HARVEST)
    saves = len(tagger.saves)
    desk.call("POST", f"archive/{item['_id']}/lock", {"lock_action": "edit"})
    desk.call("POST", f"archive/{item['_id']}/unlock", {})
    desk.call("POST", f"archive/{item['_id']}/lock", {"lock_action": "edit"})
    desk.call("POST", "archive_autosave", {"_id": item["_id"], "body_html": QUAKE})
    assert len(tagger.saves) == saves
    assert len(desk.versions(item["_id"])) == 1


def test_text_that_unlocking_saves_is_tagged(desk, tagger, process):
    """Superdesk saves what was autosaved when a story is unlocked without having been saved."""
    item = desk.create(headline="News", body_html=HARVEST)
    desk.call("POST", f"archive/{item['_id']}/lock", {"lock_action": "edit"})
    desk.call("POST", "archive_autosave", {"_id": item["_id"], "body_html": QUAKE})
    desk.call("POST", f"archive/{item['_id']}/unlock", {})
    item = desk.read(item["_id"])
    assert (item["body_html"], labels(item)) == (QUAKE, {"earthquake"})
    assert decisions(process, item) == []


def test_other_types_are_left_alone(desk, tagger, process):
    options = Options(process.options.settings, 10_000, types=("preformatted",))
    process.restart(options, process._make)
    item = desk.create(headline="News", body_html=HARVEST)
    assert labels(item) == frozenset()
    assert tagger.saves == []


def test_a_rewrite_inherits_what_was_decided(desk, tagger, process):
    item = desk.create(headline="News", body_html=f"{HARVEST}<p>Norway</p>")
    item = desk.publish(desk.save(item, subject=[]))
    rewrite = desk.call("POST", f"archive/{item['_id']}/rewrite", {"desk_id": desk.desk["_id"]})
    assert labels(rewrite) == labels(desk.versions(rewrite["_id"])[0]) == {"Norway"}
    rewrite = desk.save(desk.read(rewrite["_id"]), body_html=f"{HARVEST}<p>Norway once more</p>")
    assert labels(rewrite) == {"Norway"}
    assert tagger.saves[-1].copied_from == ArticleRef("kit", item["_id"])
    assert [action for _, action, _ in decisions(process, rewrite)] == ["removed"]


@pytest.mark.parametrize("by_template, decided", [(True, []), (False, [("medtop:20001257", "added", "petra")])])
def test_what_a_template_brings_is_nobodys_decision(desk, tagger, process, by_template, decided):
    gardening = {"name": "gardening", "qcode": "20001257", "scheme": "mediatopics"}
    story = {"type": "text", "language": "en", "headline": "Gardens", "body_html": HARVEST, "subject": [gardening]}
    if by_template:
        template = {"template_name": "gardens", "template_type": "create", "data": {"subject": [gardening]}}
        story["template"] = desk.call("POST", "content_templates", template)["_id"]
    item = desk.call("POST", "archive", story)
    assert labels(item) == labels(desk.read(item["_id"])) == {"gardening", "agriculture"}
    assert decisions(process, item) == decided


def test_a_story_that_becomes_an_update_takes_over_no_machines_tags(desk, tagger, process):
    """Superdesk hands the first story's entries on to the update: those of a person stay, the machine's follow the text."""
    first = desk.publish(
        desk.create(headline="News", body_html=f"{HARVEST}<p>Norway</p>", subject=[{"name": "Sport", "qcode": "15000000"}])
    )
    update = desk.create(headline="More news", body_html=QUAKE)
    desk.call("POST", f"archive/{first['_id']}/rewrite", {"update": update})
    update = desk.read(update["_id"])
    assert update["rewrite_of"] == first["_id"]
    assert labels(update) == {"Sport", "earthquake"}
    assert decisions(process, update) == []


def test_a_copy_has_its_tags_at_once(desk, tagger):
    item = desk.create(headline="News", body_html=HARVEST)
    desk.app.extensions["newstagger"].process.host.forget(ArticleRef("kit", item["_id"]))
    tagger.trouble = Trouble.RAISE
    bare = desk.create(headline="News", body_html=HARVEST)
    tagger.trouble = Trouble.NONE
    assert labels(bare) == frozenset()
    where = {"desk": desk.desk["_id"], "stage": desk.desk["working_stage"], "type": "archive"}
    copied = desk.read(desk.call("POST", f"archive/{bare['_id']}/duplicate", where)["_id"])
    assert labels(copied) == labels(desk.versions(copied["_id"])[-1]) == {"agriculture"}


def test_a_program_that_removes_entries_decides_nothing(desk, tagger, process):
    item = desk.create(headline="News", body_html=HARVEST, place=[NORWAY])
    with desk.app.app_context():
        superdesk.get_resource_service("archive").patch(item["_id"], {"subject": [], "place": []})
    assert [action for _, action, _ in decisions(process, item)] == ["added"]
    assert tagger.saves[-1].event is Event.IMPORT
    assert labels(desk.read(item["_id"])) == {"agriculture", "Norway"}


class Blocked:
    """A host that answers nobody until it is let go; then as the real one does."""

    def __init__(self, host: Host) -> None:
        self.host, self.go, self.began = host, threading.Event(), 0

    def warm(self) -> None:
        self.host.warm()

    def article_saved(self, article):
        self.began += 1
        assert self.go.wait(30), "nobody let the host go"
        return self.host.article_saved(article)

    def __getattr__(self, name):
        return getattr(self.host, name)


def test_a_host_that_hangs_keeps_nobody_waiting(desk, tagger, process):
    item = desk.create(headline="News", body_html=HARVEST)
    blocked, real = Blocked(process.host), process._make
    process.restart(Options(process.options.settings, 50), lambda _: blocked)
    assert process.host
    for update in range(LATE + 2):
        item = desk.save(item, body_html=f"{QUAKE}<p>{update}</p>", headline=f"Update {update}")
        assert not blocked.go.is_set(), "the save waited for the host"
    assert (labels(item), len(desk.versions(item["_id"]))) == ({"agriculture"}, LATE + 3)
    assert told(desk, item) == ["Tags may be missing (newstagger did not answer in time)."] * (LATE + 2)
    blocked.go.set()
    process.restart(Options(process.options.settings, 10_000), real)
    assert labels(desk.save(item, headline="Now")) == {"earthquake"}


def test_a_host_that_cannot_be_built_fails_no_save(desk, process, tmp_path):
    def broken(_):
        raise SystemExit(3)

    process.restart(Options(newsroom(tmp_path), 10_000), broken)
    item = desk.create(headline="News", body_html=HARVEST)
    assert desk.read(item["_id"])["headline"] == "News"
    assert told(desk, item) == ["Tags may be missing (newstagger failed: SystemExit)."]


def test_an_error_of_ours_fails_no_save(desk, tagger, monkeypatch):
    monkeypatch.setattr("newstagger_superdesk.saving.answer", lambda *_: 1 / 0)
    item = desk.create(headline="News", body_html=HARVEST)
    assert (desk.read(item["_id"])["headline"], labels(item)) == ("News", frozenset())


@pytest.mark.parametrize("restart", [False, True])
def test_what_an_editor_did_is_told_once_it_can_be(desk, tagger, process, restart):
    item = desk.create(headline="News", body_html=HARVEST)
    holder = sqlite3.connect(process.options.settings.state_file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    item = desk.save(item, subject=[], place=[NORWAY])
    holder.close()
    assert decisions(process, item) == []
    assert len(told(desk, item)) == 1
    if restart:
        process.restart(process.options, process._make)
    item = desk.save(item, body_html=f"{HARVEST}<p>Once more.</p>")
    assert labels(item) == {"Norway"}, "what was taken off came back"
    assert decisions(process, item) == [("iso:NO", "added", "petra"), ("medtop:20000210", "removed", "petra")]
    assert desk.collection("newstagger_untold").count_documents({}) == 0
