"""HTML files: a saved page or a fragment; what its head says of the article goes into the fields.

The whole markup is the body: extraction finds the article in it.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

from newstagger.domain import Article, ArticleRef
from newstagger.errors import InputError, NewstaggerError
from newstagger.formats.charset import checked_id, decode_text, id_of
from newstagger.jsontext import loads
from newstagger.text.characters import clean, tidy
from newstagger.text.markup import look, parse_html

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{1,1000})<", re.IGNORECASE)
_SITE_SUFFIX = re.compile(r"\s(?:[|•·–—]|-{1,2}|::)\s[^|•·–—]{2,60}$")
_NEWS = frozenset({"NewsArticle", "Article", "ReportageNewsArticle", "BlogPosting", "LiveBlogPosting", "AnalysisNewsArticle"})


def _linked(soup: BeautifulSoup) -> dict[str, Any]:
    """Return the first schema.org article in the page's JSON-LD, or nothing."""
    for script in soup.find_all("script", type="application/ld+json", limit=20):
        try:
            found = loads(script.string or "", "JSON-LD")
        except NewstaggerError:
            continue
        nodes = found if isinstance(found, list) else found.get("@graph", [found]) if isinstance(found, dict) else []
        for node in nodes if isinstance(nodes, list) else []:
            if isinstance(node, dict) and isinstance(node.get("@type"), str) and node["@type"] in _NEWS:
                return node
    return {}


def _names(value: Any) -> str:
    """Return the names of a schema.org author: a text, a person, or several."""
    if isinstance(value, list):
        return ", ".join(name for item in value[:20] if (name := _names(item)))
    return _names(value.get("name")) if isinstance(value, dict) else tidy(value)[:500] if isinstance(value, str) else ""


def _title(soup: BeautifulSoup, meta: dict[str, str], linked: dict[str, Any]) -> str:
    """Return the headline: og:title, schema.org, the only h1, or the title without the site's name."""
    heads = soup.find_all("h1", limit=2)
    heading = tidy(heads[0].get_text(" ")) if len(heads) == 1 else ""
    told = tidy(meta.get("og:title", "")) or _names(linked.get("headline"))
    if heading and (not told or told.startswith(heading)):
        return heading
    title = tidy(soup.title.get_text()) if soup.title else ""
    return told or heading or _SITE_SUFFIX.sub("", title)


def _fields(markup: str) -> dict[str, str]:
    """Return headline, byline and version_created as the page's head tells them."""
    if not look(markup).tame or "<" not in markup:
        match = _TITLE.search(markup[:200_000])
        return {"headline": tidy(unescape(match[1]))} if match else {}
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(re.sub(r"<\?[^>]{0,2000}>", "", markup), "lxml")
    meta: dict[str, str] = {}
    for tag in soup.find_all("meta", limit=500):
        meta.setdefault(str(tag.get("property") or tag.get("name") or "").lower(), str(tag.get("content") or ""))
    linked = _linked(soup)
    author = meta.get("author") or meta.get("article:author", "")
    return {
        "headline": _title(soup, meta, linked),
        "byline": _names(linked.get("author")) or ("" if "://" in author else tidy(author)),
        "version_created": (_names(linked.get("datePublished")) or tidy(meta.get("article:published_time", "")))[:100],
    }


class HtmlReader:
    """Reads ``.html`` and its like."""

    name = "html"
    suffixes: tuple[str, ...] = (".html", ".htm", ".xhtml")

    def read(self, data: bytes, *, name: str, site: str) -> Article:
        """Return the article in an HTML file; raise InputError when there is no text in it."""
        markup = clean(decode_text(data, markup=True))
        fields = _fields(markup)
        if not fields.get("headline") and not parse_html(markup).blocks:
            raise InputError("holds no text", where=name, next_step="name a file with an article in it")
        return Article(
            ArticleRef(checked_id(site, "site", name), id_of(name)),
            headline=fields.get("headline", "")[:2_000], body=markup, media_type="text/html",
            byline=fields.get("byline", ""), version_created=fields.get("version_created") or None,
        )  # fmt: skip
