"""``settings.NEWSTAGGER`` becomes one frozen ``SiteSettings``; importing this module needs no loaded apps, so settings files may.

NEWSTAGGER = {
    "SITE": "courier.example",
    "CONFIG": BASE_DIR / "newstagger.toml",   # or the same settings as a dict; left out: newstagger's defaults
    "MODELS": {"news.Article": {"headline": "title", "body": "text", "tags": "tags"}},
}
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.conf import settings as django_settings

from newstagger.domain import Facet
from newstagger.errors import ConfigError
from newstagger.settings import Settings, read_settings, settings_from

WHERE = "settings.NEWSTAGGER"
KEYS = ("SITE", "CONFIG", "MODELS", "BUDGET_MS")


class Mode(StrEnum):
    """What the site does with tags that the policy lets be written: show them to the editor, or write them."""

    SUGGEST = "suggest"
    APPLY = "apply"


@dataclass(frozen=True, slots=True)
class ArticleFields:
    """How a model's fields make an article. Values are field names; ``__`` goes to a related object (``author__name``).

    ``body`` may be several fields, joined in order. ``media_type`` and ``language`` are a field or the value itself. ``tags`` is
    one field for all facets or a mapping of facet to field: a taggit manager, a many-to-many to a model with a name, a JSON or
    array list, or a comma separated text. ``changed`` is a field with the
    time of the last change. ``event`` says why an article is saved: the dotted path of a callable of the object, a
    callable, a field that holds an event's name, or ``{field: {value: event}}``. ``existing_terms_only``: a tag that the site's
    many-to-many or taggit table does not hold yet is suggested and never made.
    """

    headline: str = ""
    body: str | tuple[str, ...] = ()
    media_type: str = "text/plain"
    language: str = ""
    byline: str = ""
    credit: str = ""
    source: str = ""
    changed: str = ""
    tags: str | Mapping[str, str] = ""
    event: str | Callable[[Any], str] | Mapping[str, Mapping[Any, str]] | None = None
    mode: Mode = Mode.SUGGEST
    existing_terms_only: bool = False

    def tag_field(self, facet: Facet) -> str:
        """Return the field that holds the tags of a facet; '' where the site has none."""
        return self.tags if isinstance(self.tags, str) else self.tags.get(facet, "")

    @property
    def bodies(self) -> tuple[str, ...]:
        """The fields of the body, in order."""
        return (self.body,) if isinstance(self.body, str) else tuple(self.body)

    @property
    def tag_fields(self) -> tuple[str, ...]:
        """Every field that holds tags, once."""
        return tuple(dict.fromkeys(name for facet in Facet if (name := self.tag_field(facet))))


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """What ``settings.NEWSTAGGER`` says. ``config`` is a path or inline settings; ``budget_ms`` overrides theirs."""

    site: str = "default"
    config: Path | Mapping[str, Any] | None = None
    models: Mapping[str, ArticleFields] = field(default_factory=dict)
    budget_ms: int | None = None


def site_settings() -> SiteSettings:
    """Return what ``settings.NEWSTAGGER`` says; raise ConfigError for what cannot be used. Another dict there is read anew."""
    table = getattr(django_settings, "NEWSTAGGER", None)
    if _last and _last[0][0] is table:
        return _last[0][1]
    found = site_settings_from({} if table is None else table)
    _last[:] = [(table, found)]
    return found


_last: list[tuple[Any, SiteSettings]] = []
"""The value of ``settings.NEWSTAGGER`` that was read last, and what it says: every save asks."""


def site_settings_from(table: Any) -> SiteSettings:
    """Return SiteSettings from the value of ``NEWSTAGGER``; raise ConfigError, for an unknown key with the nearest known one."""
    _expect(isinstance(table, Mapping), "must be a dict", "")
    for key in table:
        _known(key, KEYS, "")
    models = table.get("MODELS", {})
    _expect(isinstance(models, Mapping), "must map 'app.Model' to its fields", "MODELS")
    return SiteSettings(
        site=_site(table.get("SITE", "default")),
        config=_config(table.get("CONFIG")),
        models={str(label): article_fields(label, told) for label, told in models.items()},
        budget_ms=_budget(table.get("BUDGET_MS")),
    )


def article_fields(label: str, told: Any) -> ArticleFields:
    """Return one model's declaration from an ArticleFields or a dict; raise ConfigError naming the model."""
    if isinstance(told, ArticleFields):
        told = {f.name: getattr(told, f.name) for f in fields(told)}
    where = f"MODELS[{label!r}]"
    _expect(isinstance(told, Mapping), "must be a dict of fields", where)
    known = tuple(f.name for f in fields(ArticleFields))
    for key in told:
        _known(key, known, where)
    values = dict(told)
    values["mode"] = _mode(values.get("mode", Mode.SUGGEST), where)
    if not isinstance(values.get("body", ""), str):
        values["body"] = tuple(values["body"])
    if isinstance(tags := values.get("tags", ""), Mapping):
        values["tags"] = {_facet(facet, where): name for facet, name in tags.items()}
    _expect(bool(values.get("headline") or values.get("body")), "names neither headline nor body", where)
    return ArticleFields(**values)


def core_settings(site: SiteSettings | None = None) -> Settings:
    """Return newstagger's own settings for this site; raise ConfigError for a file or a key that cannot be used."""
    site = site or site_settings()
    if isinstance(site.config, Mapping):
        told = settings_from(site.config, f"{WHERE}['CONFIG']")
    else:
        told = Settings() if site.config is None else read_settings(site.config)
    budget = told.budget_ms if site.budget_ms is None else site.budget_ms
    return replace(told, site=site.site, budget_ms=budget)


def _site(told: Any) -> str:
    _expect(isinstance(told, str) and bool(told.strip()), "must be a name, such as the site's domain", "SITE")
    return str(told)


def _config(told: Any) -> Path | Mapping[str, Any] | None:
    if isinstance(told, str):
        return Path(told)
    _expect(told is None or isinstance(told, Path | Mapping), "must be a path or a dict", "CONFIG")
    return told  # type: ignore[no-any-return]


def _budget(told: Any) -> int | None:
    _expect(told is None or (isinstance(told, int) and not isinstance(told, bool) and told >= 0), "must be milliseconds", "BUDGET_MS")
    return told  # type: ignore[no-any-return]


def _mode(told: Any, where: str) -> Mode:
    _expect(told in tuple(Mode), f"has mode {told!r}", where, f"known: {', '.join(Mode)}")
    return Mode(told)


def _facet(told: Any, where: str) -> str:
    _known(str(told), tuple(Facet), f"{where}['tags']")
    return str(Facet(told))


def _known(key: Any, known: tuple[str, ...], where: str) -> None:
    if key not in known:
        near = difflib.get_close_matches(str(key), known, 1, 0.5) or difflib.get_close_matches(str(key).upper(), known, 1, 0.5)
        step = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
        _expect(False, f"unknown key {key!r}", where, step)


def _expect(fits: bool, what: str, key: str, step: str = "correct the settings") -> None:
    if not fits:
        raise ConfigError(what, where=f"{WHERE} {key}".rstrip(), next_step=step)
