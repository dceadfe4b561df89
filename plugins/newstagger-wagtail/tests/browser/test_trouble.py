"""What goes wrong on our side, and copy that wants to be more than text."""

from __future__ import annotations

import pytest

from newstagger.testing import LABELS, Trouble

STORY = "The harvest began in Norway, and dockers called a strike."
STRIKE, NORWAY = LABELS["strike"], LABELS["Norway"]


def test_hostile_copy_is_text(newsroom):
    """Markup, a label of 10,000 characters and right-to-left marks in headline, body, label and wire id."""
    script = "<script>window.pwned=1</script><img src=x onerror=window.pwned=2>"
    body = f"hostile endless backwards strike {script} \u202egnorw"
    newsroom.wire(
        "Wire story", f"{body} and so on for many more words of the same agency story today", wire_id=f'"><img onerror=pwned> {script}'
    )
    form = newsroom.open(newsroom.write(f"A headline {script}", f"{body} and so on for many more words of the same agency story today"))
    states = form.states()
    assert {LABELS[word] for word in ("hostile", "endless", "backwards", "strike")} <= set(states)
    assert all(len(row.text) < 1000 for row in form.row_elements())
    assert LABELS["hostile"][:40] in form.row(LABELS["hostile"]).text
    form.open_every_why()
    assert form.foreign_elements() == 0
    for word in ("hostile", "endless", "backwards"):
        form.accept(LABELS[word])
    form.settle()
    form.save()
    assert form.foreign_elements() == 0
    assert form.marker() is None
    assert form.dialogs() == 0
    newsroom.picture("hostile", form.section())


@pytest.mark.parametrize("fault", ["full", "gone"])
def test_a_decision_that_was_not_stored_is_told_as_not_saved(newsroom, fault):
    """A ledger that takes nothing more, and one that cannot even be read."""
    form = newsroom.open(newsroom.write("Strike", STORY))
    with newsroom.broken_ledger(gone=fault == "gone"):
        form.autosaved(lambda: form.reject(STRIKE))
        assert form.lost() == {STRIKE}
        assert "ot saved" in form.status()
        assert form.states()[STRIKE] != "rejected"
        newsroom.picture(f"not-saved-{fault}", form.section())
    form.autosaved(lambda: form.reject(STRIKE))
    assert form.lost() == set()
    assert form.states()[STRIKE] == "rejected"


def test_a_dead_tagger_is_one_line(newsroom):
    newsroom.script.trouble = Trouble.RAISE
    form = newsroom.open(newsroom.write("Strike", STORY))
    assert len(form.notices().splitlines()) == 1
    assert "missing" in form.notices()
    newsroom.script.trouble = Trouble.NONE
    form.autosaved(lambda: form.type_body(f"{STORY} Again."))
    assert form.notices() == ""
    assert STRIKE in form.suggestions


def test_a_panel_that_cannot_be_reloaded_says_so_and_the_page_is_saved(newsroom):
    form = newsroom.open(newsroom.write("Strike", STORY))
    with newsroom.broken_panel():
        form.autosaved(lambda: form.reject(STRIKE))
    assert form.lost() == {STRIKE}
    assert "Reload the page" in form.status()
    form = newsroom.open(form.page)
    assert form.states()[STRIKE] == "rejected"


def test_the_panel_runs_no_inline_script(newsroom):
    form = newsroom.open(newsroom.write("Strike", STORY))
    assert form.inline_scripts() == 0
