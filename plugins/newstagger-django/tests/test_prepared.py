"""A question whose SQL was written before gives what Django gives."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from newstagger_django.models import Answer, Standing, Term
from newstagger_django.prepared import asked

pytestmark = pytest.mark.django_db


def standings(texts):
    site, article = texts
    return Standing.objects.filter(article=article, site=site).values_list("pk", "applied", "site", "notices")


def terms(texts):
    return Term.objects.filter(key__in=texts).order_by("-key").values_list("key", "concept")


def newest(texts):
    return Answer.objects.filter(site=texts[0]).order_by("-pk").values_list("seen", "tagging", "revision")[:1]


def test_the_rows_are_those_that_django_reads():
    for site, article in (("a", "b"), ("b", "a"), ("a", "%s"), ("a", "100%"), ("a'", '"b')):
        Standing.objects.create(site=site, article=article, applied=[f"{site}ö", "x"], notices=[article])
    for texts in (["a", "b"], ["b", "a"], ["a", "%s"], ["a", "100%"], ["a'", '"b'], ["none", "such"]):
        assert asked(standings, "default", texts) == [list(row) for row in standings(texts)]


def test_any_number_of_texts_may_be_asked_for():
    Term.objects.bulk_create(Term(concept=f"c{n}", key=f"k{n}", name=f"n{n}", facet="topic", label="x") for n in range(5))
    for number in (1, 2, 5, 2, 1):
        texts = [f"k{n}" for n in range(number)]
        assert [tuple(row) for row in asked(terms, "default", texts)] == list(terms(texts)) and len(terms(texts)) == number


def test_what_is_not_as_it_comes_back_is_converted():
    for seen in (None, [], ["ö"]):
        Answer.objects.create(site="s", article="1", at="now", seen=seen, tagging=b"\x00\xff", revision=None)
        assert [(row[0], bytes(row[1]), row[2]) for row in asked(newest, "default", ["s"])] == [(seen, b"\x00\xff", None)]


def test_it_is_one_query():
    with CaptureQueriesContext(
        connection,
    ) as queries:
        asked(terms, "default", ["a", "b"])
    assert len(queries) == 1
