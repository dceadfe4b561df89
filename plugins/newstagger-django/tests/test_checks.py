"""What is wrong with the settings is told when the site starts, one line each, and the site starts."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from newstagger_django.checks import check_settings
from newstagger_django.conf import ArticleFields, Mode, core_settings, site_settings_from

from newstagger.errors import ConfigError

FIELDS = {"headline": "title", "body": "text", "tags": "tags"}


def told(settings, **changes):
    settings.NEWSTAGGER = {"SITE": "courier.example", "MODELS": {"newsapp.Article": FIELDS}} | changes
    return [(message.id, message.msg, message.hint or "") for message in check_settings()]


def test_all_is_well(settings):
    assert told(settings) == []
    call_command("check", fail_level="WARNING", verbosity=0)


@pytest.mark.parametrize(
    ("changes", "number", "words"),
    [
        ({"MODEL": {}}, "E001", "did you mean MODELS?"),
        ({"SITE": ""}, "E001", "must be a name"),
        ({"BUDGET_MS": "fast"}, "E001", "milliseconds"),
        ({"CONFIG": 3}, "E001", "a path or a dict"),
        ({"MODELS": []}, "E001", "must map"),
        ({"MODELS": {"newsapp.Article": FIELDS | {"hedline": "x"}}}, "E001", "did you mean headline?"),
        ({"MODELS": {"newsapp.Article": FIELDS | {"mode": "auto"}}}, "E001", "known: suggest, apply"),
        ({"MODELS": {"newsapp.Article": FIELDS | {"tags": {"topics": "tags"}}}}, "E001", "did you mean topic?"),
        ({"MODELS": {"newsapp.Article": {"tags": "tags"}}}, "E001", "neither headline nor body"),
        ({"MODELS": {"newsapp.Article": 7}}, "E001", "must be a dict"),
        ({"CONFIG": {"budget": 3}}, "E002", "did you mean budget_ms?"),
        ({"CONFIG": "no-such-folder/newstagger.toml"}, "E002", "No such file"),
        ({"MODELS": {"newsapp.Artikle": FIELDS}}, "E003", "did you mean newsapp.Article?"),
        ({"MODELS": {"nonsense": FIELDS}}, "E003", "write it as"),
        ({"MODELS": {"newsapp.Article": FIELDS | {"headline": "titel"}}}, "E004", "did you mean title?"),
        ({"MODELS": {"newsapp.Article": FIELDS | {"body": ("lead", "txt")}}}, "E004", "did you mean text?"),
        ({"MODELS": {"newsapp.Article": FIELDS | {"event": "newsapp.nothing.event"}}}, "E004", "cannot import"),
        ({"MODELS": {"newsapp.Article": FIELDS | {"event": {"state": {}}}}}, "E004", "did you mean status?"),
        ({"MODELS": {"newsapp.Article": FIELDS | {"tags": "modified"}}}, "E005", "cannot hold tags"),
        ({"MODELS": {"newsapp.Article": FIELDS | {"tags": "tag"}}}, "E005", "has no field"),
        ({"CONFIG": {"bundle": "none-such"}}, "W001", "none-such"),
        ({"MODELS": {}}, "W002", "names no article model"),
    ],
)
def test_what_is_wrong_is_told(settings, changes, number, words):
    found = told(settings, **changes)
    assert [found_id for found_id, _, _ in found] == [f"newstagger.{number}"]
    assert words in found[0][1] + found[0][2]
    assert "\n" not in found[0][1]


def test_declaration_as_an_object_is_the_same():
    fields = ArticleFields(headline="title", body=("lead", "text"), tags="tags", mode=Mode.APPLY)
    assert site_settings_from({"MODELS": {"a.B": fields}}).models["a.B"] == fields


def test_config_may_be_a_file(tmp_path: Path):
    (tmp_path / "newstagger.toml").write_text('site = "other"\nbudget_ms = 100\n')
    site = site_settings_from({"SITE": "courier.example", "CONFIG": str(tmp_path / "newstagger.toml")})
    assert (core_settings(site).site, core_settings(site).budget_ms) == ("courier.example", 100)
    site = site_settings_from({"SITE": "courier.example", "CONFIG": tmp_path / "newstagger.toml", "BUDGET_MS": 50})
    assert core_settings(site).budget_ms == 50


@pytest.mark.parametrize("told", [None, 3, "x", [], {1: 2}, {"MODELS": {"a.B": None}}, {"SITE": None}])
def test_junk_is_a_config_error(told):
    with pytest.raises(ConfigError):
        site_settings_from(told)
