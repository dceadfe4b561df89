"""Every way in which WordPress saves a post, with the plugin: the tags follow the text, the work is done once, nobody's word is lost."""

from __future__ import annotations

import pytest
from forms import OURS
from rig import ways

from newstagger.domain import Action, Event
from newstagger.testing import LABELS

AGRICULTURE, EARTHQUAKE, NORWAY, STRIKE = (LABELS[word] for word in ("harvest", "earthquake", "Norway", "strike"))
STORY = "The harvest began in Norway."


def told(house, post: int) -> dict:
    return house.ana.call("GET", f"{OURS}/posts/{post}")


def tags(house, post: int) -> frozenset[str]:
    return house.draft_tags(str(post))


@pytest.fixture
def events(tagger):
    """What the service was told of, save by save."""
    return lambda: [saved.event for saved in tagger.saves]


def test_rest_brings_the_tags_in_its_answer(house, ana):
    made = ana.call("POST", "/wp/v2/posts", {"title": "Fields", "content": ways.blocks(STORY), "status": "publish"}, context="edit")
    assert {tag["label"] for tag in made["newstagger"]["tags"]} == {AGRICULTURE, NORWAY}
    assert len(made["newstagger_topic"]) == len(made["newstagger_region"]) == 1
    assert made["newstagger"]["status"] == "tagged"


def test_quick_edit(house, ana, editor, tagger):
    post = ways.create(ana, "Fields", STORY, status="publish")
    ways.quick_edit(editor, post, post_title="Fields after the earthquake")
    assert tags(house, post) == {AGRICULTURE, NORWAY, EARTHQUAKE}
    assert not house.decisions(str(post))


def test_quick_edit_keeps_a_persons_tag(house, ana, editor):
    post = ways.create(ana, "Fields", STORY, status="publish")
    ways.quick_edit(editor, post, **{"tax_input[newstagger_topic]": f"{AGRICULTURE}, gardening"})
    assert tags(house, post) == {AGRICULTURE, NORWAY, "gardening"}
    ways.update(ana, post, content=ways.blocks("Rain."))
    assert tags(house, post) == {"gardening"}


def test_bulk_edit(house, ana, editor, tagger, events):
    posts = [ways.create(ana, f"Fields {number}", STORY) for number in range(3)]
    work = tagger.asked
    ways.bulk_edit(editor, posts, _status="publish")
    assert all(house.tags(str(post)) == {AGRICULTURE, NORWAY} for post in posts)
    assert tagger.asked == work, "publishing what is tagged did the work again"
    assert events()[-3:] == [Event.PUBLISH] * 3


def test_bulk_edit_adds_a_tag_to_all(house, ana, editor):
    posts = [ways.create(ana, f"Fields {number}", STORY) for number in range(2)]
    ways.bulk_edit(editor, posts, **{"tax_input[newstagger_topic]": "gardening"})
    assert all("gardening" in tags(house, post) for post in posts)


def test_xml_rpc(house, wordpress, events):
    post = ways.desktop_new(wordpress, "Fields", STORY)
    assert tags(house, post) == {AGRICULTURE, NORWAY}
    ways.desktop_edit(wordpress, post, post_content=ways.blocks("An earthquake in Norway."), post_status="publish")
    assert house.tags(str(post)) == {EARTHQUAKE, NORWAY}
    assert not house.decisions(str(post))
    assert events() == [Event.DRAFT, Event.PUBLISH]


def test_xml_rpc_with_tags_of_its_own(house, wordpress):
    post = ways.desktop_new(wordpress, "Fields", STORY, terms_names={"newstagger_topic": ["gardening"]})
    assert tags(house, post) == {AGRICULTURE, NORWAY, "gardening"}


def test_a_scheduled_post_goes_live_with_its_tags(house, ana, events):
    post = ways.create(ana, "Fields", STORY)
    ways.schedule(ana, post)
    assert house.tags(str(post)) == frozenset()
    house.publish_due()
    assert house.tags(str(post)) == {AGRICULTURE, NORWAY}
    assert events() == [Event.DRAFT, Event.SCHEDULE, Event.PUBLISH]


def test_the_trash_is_a_kill_and_not_for_ever(house, ana, editor, tagger):
    post = ways.create(ana, "Fields", STORY, status="publish")
    ways.trash(ana, post)
    assert [ref.id for ref in tagger.retracted] == [str(post)]
    assert told(house, post)["status"] == "killed"
    assert house.tags(str(post)) == frozenset()
    ways.untrash(editor, post)
    ways.update(ana, post, status="publish")
    assert house.tags(str(post)) == {AGRICULTURE, NORWAY}


def test_a_draft_in_the_trash_takes_nothing_of_the_editors_with_it(house, ana, editor):
    form = house.open(house.create("Fields", STORY))
    form.remove(NORWAY)
    form.add("gardening")
    form.save()
    ways.trash(ana, form.post)
    ways.untrash(editor, form.post)
    ways.update(ana, form.post, content=ways.blocks(f"{STORY} Later."))
    assert tags(house, form.post) == {AGRICULTURE, "gardening"}


def test_a_restored_revision(house, ana, editor, tagger):
    post = ways.create(ana, "Fields", "Rain.")
    ways.update(ana, post, content=ways.blocks(STORY))
    ways.update(ana, post, content=ways.blocks("An earthquake."))
    assert tags(house, post) == {EARTHQUAKE}
    ways.restore(editor, ways.revisions(ana, post)[-2])
    assert tags(house, post) == {AGRICULTURE, NORWAY}
    assert not house.decisions(str(post))


def test_an_autosave_of_a_live_post_is_nobodys_business(house, ana, tagger):
    post = ways.create(ana, "Fields", STORY, status="publish")
    saves = len(tagger.saves)
    ways.autosave(ana, post, title="Fields", content=ways.blocks("An earthquake."))
    assert len(tagger.saves) == saves
    assert house.tags(str(post)) == {AGRICULTURE, NORWAY}


def test_an_autosave_of_ones_own_draft_is_tagged(house, ana, events):
    post = ways.create(ana, "Fields", STORY)
    ways.autosave(ana, post, title="Fields", content=ways.blocks("An earthquake."))
    assert tags(house, post) == {EARTHQUAKE}
    assert events()[-1] == Event.AUTOSAVE


def test_revisions_and_other_types_are_not_told(house, ana, tagger):
    page = ana.call("POST", "/wp/v2/pages", {"title": "About the harvest", "content": STORY, "status": "draft"})
    ways.update(ana, ways.create(ana, "Fields", STORY), content=ways.blocks("Rain."))
    assert [saved.ref.id for saved in tagger.saves].count(str(page["id"])) == 0
    assert len(tagger.saves) == 2


def test_a_locked_post_is_left_alone(house, ana, tagger):
    post = ways.create(ana, "Fields", STORY)
    ways.update(ana, post, newstagger_lock=True)
    ways.update(ana, post, content=ways.blocks("An earthquake."))
    assert tags(house, post) == {AGRICULTURE, NORWAY}
    ways.update(ana, post, newstagger_lock=False)
    assert tags(house, post) == {EARTHQUAKE}


def test_who_decided_is_told(house, ana):
    form = house.open(house.create("Fields", STORY))
    form.remove(NORWAY)
    form.save()
    (decision,) = house.decisions(str(form.post))
    assert (decision.action, decision.by) == (Action.REMOVED, "ana")


def test_writing_tags_makes_no_revision_and_no_second_save(house, ana, tagger):
    post = ways.create(ana, "Fields", STORY, status="publish")
    before = ways.read(ana, post)["modified_gmt"]
    assert ways.revisions(ana, post) == [] or len(ways.revisions(ana, post)) == 1
    assert len(tagger.saves) == 1
    house.redeliver(str(post))
    assert ways.read(ana, post)["modified_gmt"] == before
    assert told(house, post)["status"] == "tagged"
