"""Fixtures for all tests: where the corpora lie, and the sample articles that come with the package."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

import newstagger

REPOSITORY = Path(__file__).resolve().parent.parent
settings.register_profile("newstagger", settings(), deadline=None)  # a busy machine breaks no promise
settings.load_profile("newstagger")


@pytest.fixture(scope="session")
def corpora() -> Path:
    """Return the folder of the corpora, or skip: they belong to their publishers and are not part of the project."""
    told = os.environ.get("NEWSTAGGER_DATA")
    folder = Path(told) if told else REPOSITORY.parent / "shared" / "corpora"
    if not folder.is_dir():
        pytest.skip(f"no corpora: {'$NEWSTAGGER_DATA' if told else '../shared/corpora'} is not a folder")
    return folder


@pytest.fixture(scope="session")
def samples() -> Path:
    """Return the folder of the sample articles; ``index.json`` there says what each one shows."""
    return Path(newstagger.__file__).parent / "samples"


@pytest.fixture(scope="session")
def repository() -> Path:
    """Return the root of the checkout."""
    return REPOSITORY
