"""The report of all suggestions: what it lists, for whom, how it is filtered, and what a spreadsheet gets."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import pytest
from desk import colleague
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from newsroom.furnish import front_of
from newsroom.stories.models import NotePage
from newstagger_wagtail.models import Suggestion, TaggedPage
from newstagger_wagtail.reports import harmless

from newstagger.testing.rules.desk import AGRICULTURE, HEADLINE, NORWAY, STRIKE, story


def rows(client, **filters) -> list[dict[str, str]]:
    answer = client.get(reverse("newstagger_report"), {**filters, "export": "csv"})
    assert answer.status_code == 200
    return list(csv.DictReader(StringIO(b"".join(answer.streaming_content).decode())))


def labels(client, **filters) -> set[str]:
    return {row["Tag"] for row in rows(client, **filters)}


@pytest.fixture
def desk(suggest, apply):
    """A story with a rejected suggestion, and a live note."""
    article = suggest.create(HEADLINE, story("harvest", "strike"))
    form = suggest.open(article)
    form.reject(STRIKE)
    form.save()
    apply.create("Visitors", story("Norway"), language="de")
    return suggest


def test_the_list_is_shown(desk):
    answer = desk.client.get(reverse("newstagger_report"))
    assert answer.status_code == 200
    text = answer.content.decode()
    assert AGRICULTURE in text
    assert NORWAY in text
    assert desk.client.get(reverse("newstagger_report_results")).status_code == 200
    assert reverse("newstagger_report") in desk.client.get("/admin/").content.decode()


def test_the_filters(desk):
    client = desk.client
    assert labels(client) == {AGRICULTURE, NORWAY}
    assert labels(client, facet="region") == {NORWAY}
    assert labels(client, concept="agri") == {AGRICULTURE}
    assert labels(client, concept="iso:NO") == {NORWAY}
    assert labels(client, language="de") == {NORWAY}
    assert labels(client, kind=str(ContentType.objects.get_for_model(NotePage).pk)) == {NORWAY}
    assert labels(client, reuse="not-checked") == {AGRICULTURE, NORWAY}
    assert labels(client, state="open") == {AGRICULTURE, NORWAY}


def test_what_editors_said(suggest):
    article = suggest.create(HEADLINE, story("harvest", "strike"))
    assert labels(suggest.client, state="open") == {AGRICULTURE, STRIKE}
    form = suggest.open(article)
    form.accept(AGRICULTURE)
    form.save()
    assert labels(suggest.client, state="accepted") == {AGRICULTURE}
    assert labels(suggest.client, state="open") == {STRIKE}


def test_a_spreadsheet_runs_nothing(suggest):
    from openpyxl import load_workbook

    suggest.create('=HYPERLINK("http://evil.example","click")', story("harvest"))
    assert rows(suggest.client)[0]["Page"].startswith("'=")
    answer = suggest.client.get(reverse("newstagger_report"), {"export": "xlsx"})
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    assert sheet["A2"].data_type == "s"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "|x"])
def test_formulas_are_disarmed(cell):
    assert harmless(cell) == f"'{cell}"


def test_other_cells_are_left_alone():
    assert [harmless(cell) for cell in ("Norway", 0.9, None)] == ["Norway", 0.9, None]


def test_people_see_the_pages_that_they_may_edit(desk):
    friend = colleague("change_page", page=front_of("de"))
    assert labels(friend) == {NORWAY}


def test_strangers_see_nothing(desk):
    assert Client().get(reverse("newstagger_report")).status_code == 302
    assert colleague().get(reverse("newstagger_report")).status_code in (302, 403)


def test_the_index_follows_and_forgets(suggest):
    article = suggest.create(HEADLINE, story("harvest"))
    assert labels(suggest.client) == {AGRICULTURE}
    form = suggest.open(article)
    form.write(body=story("strike"))
    form.save()
    assert labels(suggest.client) == {STRIKE}
    suggest._row(article).delete()
    assert not rows(suggest.client)
    assert not TaggedPage.objects.exists()
    assert not Suggestion.objects.exists()
