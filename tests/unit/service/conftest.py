"""The service over a scripted tagger: an app of any settings behind uvicorn on a port of its own, started and stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from newstagger.settings import ServiceSettings, Settings, SiteSettings
from newstagger.testing.scripted import ScriptedTagger, newsroom

from .callers import OTHER_KEY, courier, listening


@pytest.fixture
def script() -> Iterator[ScriptedTagger]:
    """Return the tagger that does as it is told."""
    tagger = ScriptedTagger()
    yield tagger
    tagger.wake()


@pytest.fixture
def kit(tmp_path: Path) -> Settings:
    """Return the settings of a fresh newsroom without sites, patient: a busy machine must not make a save late."""
    return replace(newsroom(tmp_path), service=ServiceSettings(wait_ms=8_000, threads=2))


@pytest.fixture
def sites(kit: Settings) -> Settings:
    """Return the settings with two sites."""
    told = {"courier": courier(), "gazette": SiteSettings(keys=(OTHER_KEY,))}
    return replace(kit, service=replace(kit.service, sites=told))


@pytest.fixture
def opened(script: ScriptedTagger) -> Iterator[Callable[..., httpx.Client]]:
    """Return a function that serves some settings and returns a client; all are stopped at the end."""
    with ExitStack() as stack:

        def opened(settings: Settings, **service: Any) -> httpx.Client:
            told = replace(settings, service=replace(settings.service, **service))
            host, port = stack.enter_context(listening(told, script))
            return stack.enter_context(httpx.Client(base_url=f"http://{host}:{port}", timeout=30))

        yield opened
        script.wake()


@pytest.fixture
def client(opened: Callable[..., httpx.Client], kit: Settings) -> httpx.Client:
    """Return a client of the service without sites."""
    return opened(kit)
