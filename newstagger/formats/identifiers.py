"""Concept ids in the words of the standards: IPTC URIs, ISO 3166, GeoNames, Wikidata; QCodes of NewsML-G2. Both ways.

What no public vocabulary knows (a newsroom's own concepts, actors, UN regions, bare labels) has no URI: formats write its id as a
literal. ``concept_of`` and ``concept_uri`` undo each other.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from newstagger.taxonomy import OWN, PREFIXES

_COUNTRY, _REGION = re.compile(r"[A-Z]{2}"), re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_DIGITS, _ITEM = re.compile(r"[0-9]{1,12}"), re.compile(r"Q[0-9]{1,12}")
_SCHEMES = (
    ("medtop", "medtop:", _DIGITS, "http://cv.iptc.org/newscodes/mediatopic/"),
    ("iso3166-1a2", "iso:", _COUNTRY, "http://cvx.iptc.org/iso3166-1a2/"),
    ("iso3166-2", "iso:", _REGION, "http://cvx.iptc.org/iso3166-2/"),
    ("geonames", "geonames:", _DIGITS, "http://sws.geonames.org/"),
    ("wikidata", "wikidata:", _ITEM, "http://www.wikidata.org/entity/"),
)
"""QCode alias of the IPTC catalogue, our prefix, what follows it, and the URI that stands before it (all as the catalogue has them)."""
_ALIASES = {"medtop": "medtop:", "iso3166-1a2": "iso:", "iso3166-2": "iso:", "geonames": "geonames:"}
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,30}:[!-~]{1,900}")
_ARTICLE = "urn:newstagger:article:"
CATALOGUE = "http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_41.xml"


def concept_uri(concept: str) -> str | None:
    """Return the URI that a public vocabulary has for a concept id, or None."""
    for _, prefix, code, base in _SCHEMES:
        rest = concept.removeprefix(prefix)
        if rest != concept and code.fullmatch(rest):
            return base + rest
    return None


def qcode(concept: str) -> str | None:
    """Return the QCode of a concept id by the IPTC catalogue, or None."""
    for alias, prefix, code, _ in _SCHEMES:
        rest = concept.removeprefix(prefix)
        if rest != concept and code.fullmatch(rest):
            return f"{alias}:{rest}"
    return None


def concept_of(uri: str) -> str | None:
    """Return the concept id that a URI of a public vocabulary means, or None. ``https``, ``www.`` and a final slash do not matter."""
    address = "http://" + uri[:500].strip().partition("://")[2].rstrip("/")
    for _, prefix, code, base in _SCHEMES:
        for form in (base, base.replace("://www.", "://"), base.replace("://sws.", "://www.")):
            rest = address.removeprefix(form)
            if rest != address and code.fullmatch(rest):
                return prefix + rest
    return None


def of_qcode(told: str) -> str | None:
    """Return the concept id that a QCode means by the IPTC catalogue's aliases, or None."""
    alias, colon, rest = told[:200].partition(":")
    found = next((prefix + rest for name, prefix, code, _ in _SCHEMES if name == alias and code.fullmatch(rest)), None)
    return found or (f"{_ALIASES[alias]}{rest}" if colon and alias in _ALIASES and rest.isalnum() else None)


def known(told: str, *, ours: bool = False) -> str | None:
    """Return the concept id that a literal is: one with a prefix of ours, or whatever it says when it is ``ours``."""
    if ours:
        return told or None
    return told if told.startswith((OWN, *(f"{prefix}:" for prefix in PREFIXES))) and told.isprintable() else None


def article_uri(name: str) -> str:
    """Return an article's id as a URI: itself when it is one, else a URN that ``article_id`` undoes."""
    return name if _URI.fullmatch(name) and not name.startswith(_ARTICLE) else _ARTICLE + quote(name, safe="", errors="surrogatepass")


def article_id(uri: str) -> str:
    """Return the id that ``article_uri`` made a URI of; any other URI is the id."""
    return unquote(uri.removeprefix(_ARTICLE), errors="surrogatepass") if uri.startswith(_ARTICLE) else uri
