"""The Django app: binds the declared models, listens to their saves, checks the settings."""

from __future__ import annotations

from django.apps import AppConfig


class NewstaggerConfig(AppConfig):
    """The app ``newstagger``, whose tables keep decisions, answers, texts and the names of tags."""

    name = "newstagger_django"
    label = "newstagger"
    verbose_name = "newstagger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Bind the declared models; a wrong declaration is told by the system checks and binds nothing."""
        from newstagger_django import bindings, checks, saving  # noqa: PLC0415 (models are not loaded before)

        checks.register()
        bindings.bind_declared()
        saving.listen()
