"""The service over a scripted tagger: an app of any settings behind uvicorn on a port of its own, started and stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from newstagger.settings import ServiceSettings, Settings
from newstagger.testing.scripted import ScriptedTagger, newsroom

from .callers import TWO, listening
from .receiver import Receiver, receiver


@pytest.fixture
def cms() -> Iterator[Receiver]:
    """Return a CMS's end of the callback."""
    with receiver() as told:
        yield told


@pytest.fixture
def script() -> Iterator[ScriptedTagger]:
    """Return the tagger that does as it is told."""
    tagger = ScriptedTagger()
    yield tagger
    tagger.wake()


def fresh(home: Path, **service: Any) -> Settings:
    """Return the settings of a fresh newsroom, patient: a busy machine must not make a save late."""
    return replace(newsroom(home), service=ServiceSettings(wait_ms=8_000, threads=2, **service))


@pytest.fixture
def kit(tmp_path: Path) -> Settings:
    """Return the settings of a newsroom without sites."""
    return fresh(tmp_path)


@pytest.fixture
def sites(tmp_path: Path) -> Settings:
    """Return the settings of a newsroom with two sites."""
    return fresh(tmp_path, sites=TWO)


@pytest.fixture(scope="module", params=[{}], ids=[""])
def refusing(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx.Client, Settings]]:
    """Return a client, and the settings, of a service that many tests may share: all that they send is refused.

    The parameter is what to set of the service.
    """
    settings = fresh(tmp_path_factory.mktemp("refusing"), **request.param)
    with listening(settings, ScriptedTagger()) as (host, port), httpx.Client(base_url=f"http://{host}:{port}", timeout=30) as client:
        yield client, settings


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
