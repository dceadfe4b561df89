"""What every request shares: made once by ``app.create_app``, handed to handlers through their request."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from starlette.requests import Request

from newstagger.service.access import Access
from newstagger.service.desk import Desk
from newstagger.service.metrics import Metrics
from newstagger.service.newsrooms import Newsrooms
from newstagger.service.strangers import Strangers
from newstagger.servicesettings import ServiceSettings


@dataclass(frozen=True, slots=True)
class Service:
    """The newsrooms, who may call, the desk that takes saves in, and the figures.

    ``stop`` is set when the service is to end; ``strangers`` bounds what is held of those who may not call.
    """

    settings: ServiceSettings
    newsrooms: Newsrooms
    access: Access
    desk: Desk
    metrics: Metrics
    stop: threading.Event = field(default_factory=threading.Event)
    strangers: Strangers = field(default_factory=Strangers)


def service_of(request: Request) -> Service:
    """Return what the app of a request shares."""
    service = request.app.state.service
    assert isinstance(service, Service)
    return service
