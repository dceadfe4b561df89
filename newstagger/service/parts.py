"""What every request shares: made once by ``app.create_app``, handed to handlers through their request."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from newstagger.service.access import Access
from newstagger.service.desk import Desk
from newstagger.service.newsrooms import Newsrooms
from newstagger.servicesettings import ServiceSettings


@dataclass(frozen=True, slots=True)
class Service:
    """The newsrooms, who may call, and the desk that takes saves in."""

    settings: ServiceSettings
    newsrooms: Newsrooms
    access: Access
    desk: Desk


def service_of(request: Request) -> Service:
    """Return what the app of a request shares."""
    service = request.app.state.service
    assert isinstance(service, Service)
    return service
