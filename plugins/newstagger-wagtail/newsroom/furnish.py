"""Furnishes an empty newsroom by code: locales, one front page per language, an editor. Call it after ``migrate``; twice does no harm."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import get_user_model
from wagtail.models import Locale, Page, Site

from newsroom.stories.models import FrontPage

EDITOR = "editor"
PASSWORD = "editor"  # noqa: S105
TITLES = {"en": "The Courier", "de": "Der Kurier", "fr": "Le Courrier", "es": "El Correo"}


def furnish() -> FrontPage:
    """Make sure of the locales, their front pages and the editor; return the English front page."""
    for code, _ in settings.LANGUAGES:
        Locale.objects.get_or_create(language_code=code)
    user = get_user_model()
    if not user.objects.filter(username=EDITOR).exists():
        user.objects.create_superuser(EDITOR, "editor@courier.example", PASSWORD)
    front = FrontPage.objects.filter(locale__language_code="en").first() or _first_front()
    for locale in Locale.objects.exclude(language_code="en"):
        if not front.has_translation(locale):
            _translate(front, locale)
    return front


def front_of(language: str) -> FrontPage:
    """Return the front page in a language; raise FrontPage.DoesNotExist for one that the newsroom does not publish in."""
    return FrontPage.objects.get(locale__language_code=language)


def _first_front() -> FrontPage:
    root = Page.get_first_root_node()
    front = root.add_child(instance=FrontPage(title=TITLES["en"], slug="courier", locale=Locale.objects.get(language_code="en")))
    Site.objects.filter(is_default_site=True).update(root_page=front)
    Page.objects.filter(slug="home", depth=2).exclude(pk=front.pk).delete()
    return front


def _translate(front: FrontPage, locale: Locale) -> None:
    copy = front.copy_for_translation(locale)
    copy.title = TITLES[locale.language_code]
    copy.save_revision().publish()
