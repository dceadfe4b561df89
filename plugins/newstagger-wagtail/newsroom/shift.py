"""An editor's shift in the demo: files the sample articles, accepts, rejects, publishes, saves again, all through the real forms."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from newstagger_django.process import host
from wagtail.models import Page as WagtailPage

from newsroom.copydesk import stored_values, story_fields, stream
from newsroom.furnish import EDITOR, PASSWORD, front_of
from newsroom.visitor import Fields, Page, Refused, Visitor
from newstagger.testing import Sample, sample_article, samples

Say = Callable[[str], None]
UNCREDITED = "meridian-kosti-uncredited.html"


@dataclass(frozen=True, slots=True)
class Shown:
    """One tag in the panel, as an editor sees it. ``state``: suggested, applied, on or rejected."""

    concept: str
    label: str
    name: str
    facet: str
    state: str
    sure: str


class Shift:
    """One editor, logged in. ``work`` does the whole shift."""

    def __init__(self, address: str, say: Say) -> None:
        self.address, self.say = address, say
        self.name, self.password = EDITOR, PASSWORD
        self.story_address = ""
        self.visitor = Visitor(address)
        self.visitor.log_in(EDITOR, PASSWORD)

    def work(self) -> bool:
        """File every sample, then correct one of them; return whether everything went as promised."""
        pages = {sample.file: self.file(sample) for sample in samples() if sample.kind == "article"}
        self.story_address = f"{self.address}{edit(pages[UNCREDITED])}"
        warned = self.look(pages[UNCREDITED])
        return self.correct(pages[UNCREDITED]) and warned

    def file(self, sample: Sample) -> int:
        """Write one sample into the form for a new story, as a draft, and tell in a line what the panel offers; return the page's id."""
        article = sample_article(sample.file)
        form = self.visitor.get(f"/admin/pages/add/stories/storypage/{front_of(sample.language).pk}/")
        fields = story_fields(article, host().extract(article))
        after = self.visitor.post(form.address, form.form() | fields)
        page = WagtailPage.objects.filter(draft_title=article.headline).order_by("-pk").first()
        if page is None:
            raise Refused(after.told())
        rows = list(panel(self.visitor.get(edit(page.pk))))
        offered = ", ".join(row.label for row in rows[:5]) or "nothing"
        self.say(f"  {sample.language}  {article.headline[:58]:58}  {offered}{' …' if len(rows) > 5 else ''}")
        return int(page.pk)

    def look(self, page: int) -> bool:
        """Tell what the panel of a story shows; return whether it warns of wire copy."""
        seen = self.visitor.get(edit(page))
        warnings = [" ".join(item.get_text(" ").split()) for item in seen.soup.select(".newstagger__notice")]
        self.say(f"\n“{seen.form()['title']}”, as its editor sees it:")
        for row in panel(seen):
            self.say(f"  {row.facet:7} {row.label:40} {row.sure}")
        for line in warnings:
            self.say(f"  ! {line.partition(' Passages ')[0]}")
        return any("AFP" in line for line in warnings)

    def correct(self, page: int) -> bool:
        """Accept one suggestion, reject another, publish, save twice more; return whether both stayed as the editor wanted."""
        rows = [row for row in panel(self.visitor.get(edit(page))) if row.state == "suggested"]
        if len(rows) < 2:
            self.say("  the panel offers too little to correct")
            return False
        yes, no = rows[0], rows[-1]
        self.say(f"\nThe editor accepts “{yes.label}”, rejects “{no.label}” and publishes.")
        self.send(page, accept=yes, reject=no, publish=True)
        results = [self.told("published:", page, yes, no)]
        for what in ("saved again:", "saved once more, another headline:"):
            self.send(page, headline="" if what == "saved again:" else "Trucks bring relief to Kosti")
            results.append(self.told(what, page, yes, no))
        return all(results)

    def send(
        self, page: int, *, accept: Shown | None = None, reject: Shown | None = None, publish: bool = False, headline: str = ""
    ) -> Page:
        """Open the form, do what an editor does in it, and send it."""
        form = self.visitor.get(edit(page))
        fields = form.form() | body_of(page)
        if headline:
            fields["title"] = headline
        decided = json.loads(fields["newstagger"])
        decided |= {"accepted": [accept.concept] if accept else [], "rejected": [reject.concept] if reject else []}
        fields["newstagger"] = json.dumps(decided)
        if accept is not None:
            fields["tags"] = ", ".join(filter(None, [fields["tags"], f'"{accept.name}"']))
        return self.visitor.post(form.address, fields | ({"action-publish": "1"} if publish else {}))

    def told(self, what: str, page: int, yes: Shown, no: Shown) -> bool:
        """Tell how the page's tags stand now; return whether they are as the editor wanted."""
        states = {row.concept: row.state for row in panel(self.visitor.get(edit(page)))}
        on, away = states.get(yes.concept) == "on", states.get(no.concept) in (None, "rejected")
        words = f"“{yes.label}” {'is on' if on else 'IS MISSING'}, “{no.label}” {'stays away' if away else 'IS BACK'}"
        self.say(f"  {what:36}{words}")
        return on and away


def edit(page: int) -> str:
    """Return the path of a page's edit form."""
    return f"/admin/pages/{page}/edit/"


def panel(page: Page) -> Iterator[Shown]:
    """Yield the tags that the panel in an edit form shows, in its order."""
    for row in page.soup.select(".newstagger [data-concept]"):
        sure = row.select_one(".newstagger__sure")
        told = " ".join(sure.get_text(" ").split()) if sure else ""
        names = ("concept", "label", "name", "facet", "state")
        yield Shown(*(str(row[f"data-{name}"]) for name in names), told)


def body_of(page: int) -> Fields:
    """Return the fields of a story's body, which JavaScript builds in a browser."""
    draft = WagtailPage.objects.get(pk=page).get_latest_revision_as_object()
    blocks: Sequence[tuple[str, Fields]] = [(block["type"], stored_values(block["value"])) for block in draft.body.get_prep_value()]
    return stream("body", list(blocks))
