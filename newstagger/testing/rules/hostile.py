"""Rules of hostile copy: labels and quotes are strangers' words; they are shown as text and fail no save."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from newstagger.testing.rules.desk import AGRICULTURE, HEADLINE, Desk, story
from newstagger.testing.scripted import COPIED, LABELS

INJECTED = 'The <img src=x onerror=alert(1) data-hostile="3"> hostile harvest of <script data-hostile="4">alert(1)</script> is in.'


class _Elements(HTMLParser):
    """Collects the elements that stand in a page only if something was not escaped, and the page's text."""

    def __init__(self) -> None:
        super().__init__()
        self.alive: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if any(name == "data-hostile" for name, _ in attrs):
            self.alive.append(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def living(page: str) -> list[str]:
    """Return the elements of a page that came out of hostile copy."""
    elements = _Elements()
    elements.feed(page)
    elements.close()
    return elements.alive


class HostileRules:
    """Nothing that a stranger wrote comes alive in an editor's browser."""

    def test_labels_are_text(self, desk: Desk) -> None:
        """A label full of markup is shown and does nothing."""
        desk.needs("page_source")
        article = desk.cms.create(HEADLINE, story("hostile", "backwards"))
        assert LABELS["hostile"] in desk.offered(article)
        page = desk.cms.page_source(article)
        assert "hostile" in page, "the suggestion is not on the page"
        assert living(page) == []

    def test_copy_is_text(self, desk: Desk) -> None:
        """So is an article that quotes markup, wherever its words are shown again: as copy, and as the evidence for a tag."""
        desk.needs("page_source")
        article = desk.cms.create(HEADLINE, INJECTED)
        assert {AGRICULTURE, LABELS["hostile"]} <= desk.offered(article)
        assert living(desk.cms.page_source(article)) == [], "copy came alive"

    def test_wire_ids_are_text(self, desk: Desk) -> None:
        """So are the ids and names of agencies, where the adapter warns of wire copy."""
        desk.needs("page_source")
        article = desk.cms.create(HEADLINE, story("harvest") + f"\n\nThe statement was taken over {COPIED} from the agency.")
        assert AGRICULTURE in desk.offered(article)
        assert living(desk.cms.page_source(article)) == []

    @pytest.mark.parametrize("word", ["hostile", "endless", "backwards"])
    def test_labels_fail_no_save(self, desk: Desk, word: str) -> None:
        """A label of 10,000 characters, one of markup, one that runs backwards: the save succeeds and the other tags are there."""
        article = desk.cms.create(HEADLINE, story(), published=True)
        form = desk.cms.open(article)
        form.write(body=story(word, "harvest"))
        form.publish()
        assert "Growers" in desk.cms.live_text(article)
        assert AGRICULTURE in desk.offered(article)

    @pytest.mark.parametrize("word", ["truce", "festival"])
    def test_a_label_with_commas_is_one_tag(self, desk: Desk, word: str) -> None:
        """Nor one with quotes and a slash: saved again and again it stays one tag, and it is taken off as one."""
        label = LABELS[word]
        article = desk.cms.create(HEADLINE, story(word))
        form = desk.cms.open(article)
        if label in form.suggestions:
            form.accept(label)
        for update in (1, 2):
            form.write(body=story(word, update=update))
            form.save()
            assert form.tags == desk.cms.draft_tags(article) == {label}, "a label with commas or quotes became other tags"
        assert len(desk.cms.decisions(article)) == (not desk.cms.applies), "a decision was read from a label's parts"
        form.publish()
        assert desk.cms.tags(article) == {label}
        desk.refuse(article, label)
        desk.rewrite(article, story(word, "harvest", update=3))
        assert label not in desk.offered(article), "a label with commas or quotes could not be taken off"

    @pytest.mark.parametrize("copy", ["🌾" * 500, "\u200b\u202ezero\u0301", "İstanbul " * 200, "1 2 3", "word"], ids=range(5))
    def test_odd_copy_is_saved(self, desk: Desk, copy: str) -> None:
        """Emoji, marks that nobody sees, letters that grow when folded, an article of one word."""
        article = desk.cms.create(HEADLINE, copy)
        desk.rewrite(article, f"{copy}\n\n{story('harvest')}")
        assert AGRICULTURE in desk.offered(article)
