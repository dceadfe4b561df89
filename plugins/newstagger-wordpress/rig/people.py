"""People and programs at a WordPress: its REST API with an application password, its admin with a browser's cookies, XML-RPC, the clock."""

from __future__ import annotations

import re
import xmlrpc.client
from collections.abc import Mapping, Sequence
from html import unescape
from typing import Any

import httpx

from rig.site import PASSWORD, SECONDS, Site

POSTS = "/wp/v2/posts"


class Refused(AssertionError):  # noqa: N818 (what happened)
    """WordPress did not do what it was asked for."""


def reader(site: Site) -> httpx.Client:
    """Return somebody who is not logged in."""
    return _client(site)


def _client(site: Site, **more: Any) -> httpx.Client:
    return httpx.Client(base_url=site.address, timeout=SECONDS, trust_env=False, **more)


class Program:
    """A program that uses the REST API with a person's application password."""

    def __init__(self, site: Site, user: str = "ana") -> None:
        self.site, self.user = site, user
        self.http = _client(site, auth=(user, site.passwords[user]))

    def answer(self, method: str, route: str, body: Mapping[str, Any] | None = None, **query: Any) -> httpx.Response:
        """Return a route's answer, whatever it is."""
        return self.http.request(method, "/", params={"rest_route": route, **query}, json=body)

    def call(self, method: str, route: str, body: Mapping[str, Any] | None = None, **query: Any) -> Any:
        """Return what a route answers; raise Refused unless it is a success."""
        answer = self.answer(method, route, body, **query)
        if not answer.is_success:
            raise Refused(f"{method} {route}: {answer.status_code} {answer.text[:300]}")
        return answer.json()

    def pass_time(self, seconds: int, *, meta: Sequence[str] = (), options: Sequence[str] = ()) -> None:
        """Let everything that waits think that time has passed, and let the clock strike.

        ``meta`` and ``options`` name what else holds a Unix time: meta of posts, and options.
        """
        self.call("POST", "/rig/v1/time", {"seconds": seconds, "meta": list(meta), "options": list(options)})
        strike(self.site)

    def close(self) -> None:
        """Let go of the connections."""
        self.http.close()


def strike(site: Site) -> None:
    """Let WordPress' clock do what is due now."""
    with _client(site) as http:
        answer = http.get("/wp-cron.php", params={"doing_wp_cron": ""})
        if answer.status_code != 200:
            raise Refused(f"wp-cron.php: {answer.status_code}")


class Person:
    """Somebody who is logged in to the admin with a browser; ``cookies`` may be handed to a real one."""

    def __init__(self, site: Site, user: str = "ana") -> None:
        self.site, self.user = site, user
        self.http = _client(site)
        self.http.get("/wp-login.php")
        answer = self.http.post("/wp-login.php", data={"log": user, "pwd": PASSWORD, "testcookie": "1"})
        if answer.status_code != 302:
            raise Refused(f"{user} could not log in: {answer.status_code}")

    @property
    def cookies(self) -> Sequence[Mapping[str, str]]:
        """Return what the browser keeps, each with name, value and path."""
        return [{"name": one.name, "value": str(one.value), "path": one.path} for one in self.http.cookies.jar]

    def page(self, path: str, **query: Any) -> str:
        """Return an admin page; raise Refused unless it is one."""
        answer = self.http.get(f"/wp-admin/{path}", params=query, follow_redirects=True)
        if answer.status_code != 200:
            raise Refused(f"{path}: {answer.status_code}")
        return answer.text

    def send(self, path: str, fields: Mapping[str, Any]) -> httpx.Response:
        """Send a form of the admin; raise Refused unless it was taken."""
        answer = self.http.post(f"/wp-admin/{path}", data=dict(fields))
        if answer.status_code not in (200, 302):
            raise Refused(f"{path}: {answer.status_code} {answer.text[:200]}")
        return answer

    def close(self) -> None:
        """Let go of the connections."""
        self.http.close()


def link_of(page: str, *words: str) -> str:
    """Return the first address in a page that holds all these words, ready to be followed."""
    for address in re.findall(r"""["'](https?:[^"']+|[\w/-]+\.php\?[^"']+)["']""", page):
        if all(word in unescape(address) for word in words):
            return unescape(address)
    raise Refused(f"no link with {', '.join(words)}")


class Desktop:
    """A desktop program that speaks XML-RPC."""

    def __init__(self, site: Site, user: str = "ana") -> None:
        self.user = user
        self.server = xmlrpc.client.ServerProxy(f"{site.address}/xmlrpc.php", allow_none=True)

    def call(self, method: str, *words: Any) -> Any:
        """Return what a method of WordPress' own answers, asked as the user."""
        return getattr(self.server, f"wp.{method}")(0, self.user, PASSWORD, *words)

    def close(self) -> None:
        """Let go of the connection."""
        self.server("close")()
