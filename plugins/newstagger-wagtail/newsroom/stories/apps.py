"""The app of the newsroom's pages."""

from __future__ import annotations

from django.apps import AppConfig


class StoriesConfig(AppConfig):
    """Stories, live notes and the front page that they stand under."""

    name = "newsroom.stories"
    label = "stories"
    default_auto_field = "django.db.models.BigAutoField"
