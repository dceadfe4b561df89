"""The Django app: binds the declared page types and listens to everything that saves a page."""

from __future__ import annotations

from django.apps import AppConfig


class NewstaggerWagtailConfig(AppConfig):
    """newstagger in Wagtail."""

    name = "newstagger_wagtail"
    label = "newstagger_wagtail"
    verbose_name = "newstagger in Wagtail"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Bind pages; what is wrong with the settings is told by the system checks and binds nothing."""
        from newstagger_wagtail import checks, setup, signals  # noqa: PLC0415 (models are not loaded before)

        checks.register()
        setup.bind_declared_pages()
        signals.listen()
