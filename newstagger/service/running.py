"""Runs the application with uvicorn: one process, or several that share the address; logs that hold no copy."""

from __future__ import annotations

from functools import partial
from typing import Any

import uvicorn
from fastapi import FastAPI

from newstagger.service.app import create_app
from newstagger.settings import Settings

STOP_SECONDS = 15
"""How long a stop waits for what runs."""


def serve(settings: Settings) -> int:
    """Serve until told to stop (SIGTERM, SIGINT); return the exit code. Raises ConfigError before anything listens."""
    server = uvicorn.Server(_config(settings))
    server.run()
    return 0 if server.started else 1


def _config(settings: Settings) -> uvicorn.Config:
    told = settings.service
    options: dict[str, Any] = {"timeout_graceful_shutdown": STOP_SECONDS, "server_header": False, "access_log": False}
    return uvicorn.Config(partial(_made, settings), told.host, told.port, factory=True, workers=told.workers, **options)


def _made(settings: Settings) -> FastAPI:
    return create_app(settings)
