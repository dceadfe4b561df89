"""The conformance kit on a real WordPress: through the REST API, as the block editor speaks it, writing tags and suggesting them; and
through the forms of the classic editor."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest
from classic import ClassicForm
from driver import RestCms

from newstagger.testing.conformance import AdapterRules


class TestApplying(AdapterRules):
    """Sure tags are put on by the save."""

    @pytest.fixture
    def cms(self, wordpress, editor):
        cms = RestCms(wordpress, editor)
        yield cms
        cms.close()


class TestSuggesting(AdapterRules):
    """All tags are offered, none is put on unasked."""

    @pytest.fixture
    def cms(self, wordpress, editor):
        cms = RestCms(wordpress, editor, mode="suggest")
        yield cms
        cms.close()


class ClassicCms(RestCms):
    """WordPress with the classic editor's forms."""

    LACKS: Mapping[str, str] = MappingProxyType({**RestCms.LACKS, "autosave": "it is made by a heartbeat: the rule runs through REST"})

    def start(self, settings: Any, plugins: Any) -> None:
        super().start(settings, plugins)
        self.chief.call("POST", "/rig/v1/option", {"name": "rig_classic", "value": 1})

    def create(self, headline: str, body: str, *, language: str = "en", published: bool = False) -> str:
        if language != "en":
            self.set(language=language)
        form = ClassicForm(self, 0)
        form.write(headline=headline, body=body)
        form.publish() if published else form.save()
        return str(form.post)

    def open(self, article: str) -> Any:
        self.bring_back(article)
        return ClassicForm(self, int(article))


class TestClassicEditor(AdapterRules):
    """Sure tags are put on by the save of a form without any script."""

    @pytest.fixture
    def cms(self, wordpress, editor):
        cms = ClassicCms(wordpress, editor)
        yield cms
        cms.close()
