"""A gazetteer of a few places, a region part trained on made-up articles, and texts made of typed paragraphs."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from importlib import resources
from typing import Any

import pytest

from newstagger.contracts import Example, FacetPart
from newstagger.domain import Article, ArticleRef, Facet, Paragraph, ParagraphKind, Text
from newstagger.places.build import Sources, arrays_of
from newstagger.places.fit import fit_places
from newstagger.places.gazetteer import Gazetteer
from newstagger.places.naming import pattern_languages
from newstagger.places.surfaces import count_usage

TextMaker = Callable[..., Text]


def _country(code: str, name: str, pop: int, sub: str, *names: str) -> dict[str, Any]:
    surfaces = [[name, "name"], *[[other, "alt"] for other in names]]
    return {
        "id": f"ISO:{code}", "type": "country", "name": name, "country": code, "admin1": None, "m49_sub": sub, "m49_int": None,
        "m49_region": None, "geonames": 1, "wikidata": f"Q{len(code)}{pop}", "pop": pop, "names": surfaces,
    }  # fmt: skip


def _division(code: str, name: str, pop: int, *names: str) -> dict[str, Any]:
    surfaces = [[name, "name"], *[[other, "alt"] for other in names]]
    country = code.partition("-")[0]
    return {
        "id": f"ISO:{code}",
        "type": "admin1",
        "name": name,
        "country": country,
        "admin1": code,
        "geonames": 2,
        "pop": pop,
        "names": surfaces,
    }


def _city(number: int, name: str, division: str, pop: int, *names: str, capital: bool = False) -> dict[str, Any]:
    surfaces = [[name, "name"], *[[other, "alt"] for other in names]]
    return {
        "id": f"GN:{number}", "type": "city", "name": name, "country": division.partition("-")[0], "admin1": division, "pop": pop,
        "lat": 1.0, "lon": 2.0, "capital": capital, "names": surfaces,
    }  # fmt: skip


def _region(code: str, name: str) -> dict[str, Any]:
    return {
        "id": f"M49:{code}", "type": "region", "name": name, "country": None, "admin1": None, "m49": code, "pop": 0,
        "names": [[name, "name"]],
    }  # fmt: skip


PLACES = [
    _country("SY", "Syria", 16_900_000, "145"), _country("US", "United States", 330_000_000, "21", "USA"),
    _country("CH", "Switzerland", 8_500_000, "155"), _country("FR", "France", 66_900_000, "155"),
    _country("RU", "Russia", 144_000_000, "151"), _country("GE", "Georgia", 3_700_000, "145"),
    _country("PE", "Peru", 32_000_000, "5"), _country("GB", "United Kingdom", 66_000_000, "154"),
    _country("TD", "Chad", 15_000_000, "17"),
    _division("SY-HL", "Ḩalab", 2_770_000, "Aleppo", "Aleppo Governorate"), _division("SY-HI", "Ḩimş", 1_040_000, "Homs"),
    _division("US-TX", "Texas", 22_800_000), _division("US-GA", "Georgia", 3_456_000), _division("US-OH", "Ohio", 11_600_000),
    _division("US-WA", "Washington", 5_000_000), _division("US-DC", "District of Columbia", 600_000), _division("CH-GE", "Genève", 315_000),
    _division("FR-IDF", "Île-de-France", 11_300_000), _division("RU-MOW", "Moscow", 10_400_000), _division("PE-CUS", "Cuzco", 1_200_000),
    _city(1, "Aleppo", "SY-HL", 2_100_000, "Halab"), _city(2, "Homs", "SY-HI", 775_000), _city(3, "Tadmur", "SY-HI", 51_000, "Palmyra"),
    _city(4, "Geneva", "CH-GE", 200_000, "Genève"),
    _city(5, "Geneva", "US-OH", 21_000), _city(6, "Paris", "FR-IDF", 2_138_000, capital=True),
    _city(7, "Paris", "US-TX", 24_000), _city(8, "Moscow", "RU-MOW", 10_380_000, capital=True),
    _city(9, "Washington", "US-DC", 689_000, capital=True), _city(10, "Atlanta", "US-GA", 490_000), _city(11, "Palmyra", "US-OH", 30_000),
    _city(12, "Jackson", "US-OH", 150_000),
    _city(13, "Reading", "US-OH", 80_000), _city(14, "Cusco", "PE-CUS", 430_000),
    *[
        _region(code, name) for code, name in (("142", "Asia"), ("145", "Western Asia"), ("150", "Europe"), ("155", "Western Europe"))
    ],
]  # fmt: skip
PATTERNS = [
    {"lang": "german", "iso": "SY", "pattern": "syrisch*"}, {"lang": "german", "iso": "FR", "pattern": "Frankreich"},
    {"lang": "russian", "iso": "SY", "pattern": "Сири*"}, {"lang": "japanese", "iso": "SY", "pattern": "シリア*"},
    {"lang": "arabic", "iso": "SY", "pattern": "سوري*"}, {"lang": "french", "iso": "PE", "pattern": "Pérou"},
    {"lang": "french", "iso": "US", "pattern": "États-Unis"}, {"lang": "spanish", "iso": "CH", "pattern": "Suiz*"},
    {"lang": "russian", "iso": "GB", "pattern": "Соединен* Королевств*"}, {"lang": "russian", "iso": "TD", "pattern": "Чад"},
]  # fmt: skip


def _sources() -> Sources:
    nations = tomllib.loads(resources.files("newstagger.places").joinpath("nations.toml").read_text("utf-8"))
    usage = count_usage(["They were reading and reading again, reading all day."] * 3, ["Chad Boyle", "Chad Miller", "Andrew Jackson"])
    historic = [{"name": "Soviet Union", "country": "RU", "names": [["Soviet Union", "name"]]}]
    ordered = sorted(PLACES, key=lambda place: place["id"].replace("ISO", "iso").replace("GN", "geonames").replace("M49", "m49"))
    return Sources(ordered, historic, [{"alias": "Alepo", "id": "ISO:SY-HL"}], PATTERNS, nations, usage)


@pytest.fixture(scope="session")
def base() -> FacetPart:
    """A part that holds the small gazetteer and no model."""
    return FacetPart(Facet.REGION, "places", {"pattern_languages": pattern_languages()}, arrays_of(_sources()))


@pytest.fixture(scope="session")
def gazetteer(base: FacetPart) -> Gazetteer:
    """The small gazetteer."""
    return Gazetteer.read(base)


def make_text(headline: str, *bodies: str, dateline: str = "", language: str | None = "en") -> Text:
    """Return a text of a headline, a dateline and paragraphs; one that starts with "CAPTION " is a caption."""
    pieces = [(ParagraphKind.HEADLINE, headline), (ParagraphKind.DATELINE, dateline)]
    pieces += [(ParagraphKind.CAPTION if body.startswith("CAPTION ") else ParagraphKind.BODY, body) for body in bodies]
    string, paragraphs = "", []
    for kind, words in pieces:
        if words:
            paragraphs.append(Paragraph(kind, len(string), len(string) + len(words)))
            string += words + "\n"
    return Text(string, tuple(paragraphs), language)


@pytest.fixture(scope="session")
def text() -> TextMaker:
    """Make a text of typed paragraphs."""
    return make_text


def examples() -> list[Example]:
    """Made-up articles in which the first country named, named often, is the story's and the other one is not."""
    countries = [("Syria", "iso:SY"), ("Peru", "iso:PE"), ("France", "iso:FR"), ("Russia", "iso:RU"), ("Switzerland", "iso:CH")]
    made: list[Example] = []
    for number in range(60):
        (name, label), (other, _) = countries[number % 5], countries[(number * 2 + 1) % 5]
        body = f"Rain fell on {name} for a week. Farmers in {name} lost their crops, officials in {name} said."
        text = make_text(f"Floods in {name}" if number % 3 else "Floods", body, f"A plane with blankets came from {other}.")
        ref = ArticleRef("made-up", str(number))
        made.append(Example(Article(ref, "Floods", body, language="en"), text, (label,) if name != other else ()))
    return made


@pytest.fixture(scope="session")
def part(base: FacetPart) -> FacetPart:
    """A region part trained on the made-up articles."""
    constants = {"levels": ["ADMIN1", "CITY", "COUNTRY", "REGION"]}
    return fit_places(examples(), constants, base, jobs=1, progress=lambda line: None)
