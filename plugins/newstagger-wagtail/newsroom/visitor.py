"""An editor at their browser, without a browser: logs in, opens forms, fills them in and sends them, over plain HTTP on this machine."""

from __future__ import annotations

import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

from bs4 import BeautifulSoup, Tag

Fields = dict[str, str]


class Refused(Exception):  # noqa: N818 - what happened, in a word
    """The newsroom did not do what the form asked for; the text says why."""


class Page:
    """What came back: where from, and its HTML."""

    def __init__(self, address: str, html: str) -> None:
        self.address = address
        self.soup = BeautifulSoup(html, "lxml")

    def form(self, selector: str = "form[data-edit-form]") -> Fields:
        """Return the fields of a form as a browser would send them untouched; raise Refused when there is no such form."""
        form = self.soup.select_one(selector)
        if form is None:
            raise Refused(f"no form {selector} at {self.address}: {self.told()}")
        return dict(pair for control in form.select("input, textarea, select") for pair in _sent(control))

    def told(self) -> str:
        """Return what the page tells its reader: messages and errors, in one line."""
        said = self.soup.select(".messages li, .error-message, .w-field__errors, .w-non-field-errors")
        return " · ".join(dict.fromkeys(" ".join(item.get_text(" ").split()) for item in said))


class Visitor:
    """One person with cookies of their own."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._jar = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self._jar))

    def cookies(self) -> list[Fields]:
        """Return the cookies as a browser's driver takes them."""
        return [{"name": cookie.name, "value": cookie.value or "", "path": cookie.path} for cookie in self._jar]

    def get(self, path: str) -> Page:
        """Open a page of the newsroom."""
        with self._opener.open(urllib.parse.urljoin(self.address, path), timeout=60) as answer:
            return Page(answer.url, answer.read().decode("utf-8"))

    def post(self, path: str, fields: Fields) -> Page:
        """Send a form; return the page that it leads to."""
        request = urllib.request.Request(urllib.parse.urljoin(self.address, path), urllib.parse.urlencode(fields).encode())  # noqa: S310
        request.add_header("Referer", self.address)
        with self._opener.open(request, timeout=60) as answer:
            return Page(answer.url, answer.read().decode("utf-8"))

    def log_in(self, name: str, password: str) -> None:
        """Log in to the editor; raise Refused when that does not work."""
        fields = self.get("/admin/login/").form("form.login-form")
        page = self.post("/admin/login/", fields | {"username": name, "password": password, "next": "/admin/"})
        if "/login/" in page.address:
            raise Refused(f"cannot log in: {page.told()}")


def _sent(control: Tag) -> list[tuple[str, str]]:
    """Return what a browser sends of one control: nothing of buttons, of what is off, and of what is not ticked."""
    name, kind = str(control.get("name") or ""), str(control.get("type") or "")
    if not name or control.has_attr("disabled") or kind in ("submit", "button", "file", "image", "reset"):
        return []
    if kind in ("checkbox", "radio"):
        return [(name, str(control.get("value") or "on"))] if control.has_attr("checked") else []
    if control.name == "select":
        chosen = control.select_one("option[selected]") or control.select_one("option")
        return [(name, str(chosen.get("value") or ""))] if chosen else []
    if control.name == "textarea":
        return [(name, control.get_text().removeprefix("\n"))]
    return [(name, str(control.get("value") or ""))]
