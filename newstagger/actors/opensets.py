"""Actors out of the open sets, cleaned: CAMEO (MIT), people and parties (CC0), UCDP (CC BY 4.0), S&P 500 (PDDL). Build time only.

CAMEO files leaders as aliases of their groups and cities as aliases of countries: leaders are split off, nations are left to our
own table, single words that are also common words, given names or places are left out (``WordCheck``).
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from newstagger.actors.lexicon import word_set
from newstagger.actors.records import FormType, Record, Surface, key_of
from newstagger.actors.wordcheck import WordCheck
from newstagger.contracts import Json
from newstagger.errors import CorpusError
from newstagger.tokens import split_words

SETS = {
    "cameo": "gazetteers/actors-cameo.jsonl.gz",
    "people": "gazetteers/actors-people.jsonl.gz",
    "parties": "gazetteers/actors-parties.jsonl.gz",
    "ucdp": "gazetteers/actors-conflict-ucdp.jsonl.gz",
    "companies": "gazetteers/actors-companies-sp500.jsonl.gz",
    "countries": "gazetteers/newsmap-multilang.jsonl.gz",
    "places": "gazetteers/places.jsonl.gz",
    "events": "topics/wikipedia-current-events.jsonl.gz",
    "spanish": "topics/spanish-fakenews-topics.jsonl.gz",
}
"""The files that ``build_actors`` reads, below the folder of corpora."""

PEOPLE_SOURCES = frozenset({"us", "world-leaders-2021", "world-legislators"})
"""Of the people set, the parts whose terms are known (CC0); the rest holds bare surnames anyway."""

TITLES = word_set(
    "president prime minister secretary senator representative congressman king queen prince princess sheikh"
    " sheik shaikh sayyid sayyed seyyed imam mullah ayatollah general gen colonel col major commander captain"
    " lieutenant admiral marshal chancellor premier ambassador governor vice deputy foreign defense defence"
    " interior finance former dr doctor mr mrs ms sir lord lady dame pope cardinal bishop emir sultan justice"
    " judge chief state us russian iraqi iranian israeli syrian british french german american first the of"
)
"""Words before a person's name that are not part of it."""

_SUFFIX = re.compile(r"[ ,]+(inc|incorporated|corp|corporation|co|company|plc|ltd|limited|llc|group|holdings?|ag|sa|nv)\.?$", re.IGNORECASE)


def rows(data: Path, name: str) -> Iterator[Json]:
    """Yield the rows of one of the SETS; raise CorpusError when the file is missing or broken."""
    path = data / SETS[name]
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)
    except (OSError, ValueError) as error:
        raise CorpusError(str(error), where=str(path), next_step="name the folder of the open sets with --data") from None


def _years(terms: Json) -> tuple[int, int]:
    spans = terms or []
    starts = [int(t["start"][:4]) for t in spans if t.get("start")]
    ends = [int(t["end"][:4]) if t.get("end") else 0 for t in spans]
    return (min(starts) if starts else 0), (max(ends) if ends and all(ends) else 0)


def _year(date: str | None) -> int:
    return int(date[:4]) if date and date[:4].isdigit() else 0


def without_title(name: str) -> str:
    """Return a person's name without the titles in front of it."""
    words = name.split()
    while words and key_of(words[0]) in TITLES:
        words = words[1:]
    return " ".join(words)


def given_names(people: list[str]) -> frozenset[str]:
    """Return folded first words that at least two of these people bear."""
    counts = Counter(key_of(name.split()[0]) for name in people if len(name.split()) > 1)
    return frozenset(word for word, count in counts.items() if count >= 2 and len(word) > 2 and word not in TITLES)


def _person(name: str, aliases: list[str], country: str, terms: Json, match: str) -> Record | None:
    plain = without_title(name)
    forms = [form for form in dict.fromkeys([plain, *map(without_title, aliases)]) if len(split_words(form)) > 1]
    if len(split_words(plain)) < 2 or not forms:
        return None
    start, end = _years(terms)
    surfaces = tuple(Surface(form, FormType.NAME) for form in forms)
    return Record("", plain, "person", country, "", start, end, surfaces, (match,))


def cameo_records(data: Path, check: WordCheck) -> list[Record]:
    """Return CAMEO's people, groups, organisations, media and companies; nations, religions and peoples are left out."""
    table = list(rows(data, "cameo"))
    given = given_names([row["name"] for row in table if row["kind"] == "person"])
    found: list[Record | None] = []
    for row in table:
        if row["src"] in ("religious", "ethnic") or row["kind"] == "place-or-nation" or row["kind"] == "other":
            continue
        found += _cameo(row, given, check)
    return [record for record in found if record is not None]


def _cameo(row: Json, given: frozenset[str], check: WordCheck) -> list[Record | None]:
    country, match = row["country"] or "", row["id"].replace("CAMEO:", "cameo:")
    if row["kind"] == "person" or _personal(row["name"], given):
        return [_person(row["name"], row["aliases"], country, row["terms"], match)]
    leaders = [alias for alias in row["aliases"] if _personal(without_title(alias), given)]
    lasts = {key_of(leader).split()[-1] for leader in leaders}
    forms = [form for form in [row["name"], *row["aliases"]] if key_of(form).split()[-1:] and key_of(form).split()[-1] not in lasts]
    kind = _cameo_kind(row)
    start, end = _years(row["terms"])
    group = Record("", row["name"], kind, country, "", start, end, _plain(forms, kind, check), (match,))
    return [group if group.surfaces else None, *_leaders(leaders, country)]


def _leaders(leaders: list[str], country: str) -> list[Record | None]:
    """Return one person for each family name among a group's leaders; the longest spelling names them."""
    by_last: dict[str, list[str]] = {}
    for leader in sorted(map(without_title, leaders), key=lambda name: (-len(name), name)):
        by_last.setdefault(key_of(leader).split()[-1], []).append(leader)
    named = ((name, spellings) for name, spellings in sorted(by_last.items()))
    return [Record("", s[0], "person", country, surfaces=tuple(Surface(form, FormType.NAME) for form in s)) for _, s in named]


def _personal(name: str, given: frozenset[str]) -> bool:
    words = key_of(name).split()
    return 2 <= len(words) <= 4 and words[0] in given


def _cameo_kind(row: Json) -> str:
    code = row["cameo"]
    if row["kind"] == "armed-group" or code.startswith("IMG") or "REB" in row["roles"]:
        return "armed-group"
    if code.startswith("MNC"):
        return "company"
    if row["kind"] == "media" and code.startswith(("MED", "NGOMED")):
        return "media"
    return "igo" if code.startswith("IGO") else "ngo" if code.startswith("NGO") else "institution"


def _plain(forms: list[str], kind: str, check: WordCheck) -> tuple[Surface, ...]:
    spelt = [*forms, *(_SUFFIX.sub("", form) for form in forms if kind == "company")]
    kept = [form for form in dict.fromkeys(spelt) if check.fits(form)]
    return tuple(Surface(form, FormType.NAME if len(split_words(form)) > 1 else FormType.ALIAS) for form in kept)


def _match(identifier: str) -> str:
    """Return an id of a source as a cross reference: prefix small, Wikidata spelt out."""
    prefix, _, rest = identifier.partition(":")
    return f"{'wikidata' if prefix == 'WD' else prefix.lower()}:{rest}"


def people_set(data: Path, codes: dict[str, str]) -> list[Record]:
    """Return leaders and legislators; ``codes`` maps folded country names to ISO codes."""
    found = []
    for row in rows(data, "people"):
        if row["src"] in PEOPLE_SOURCES and len(split_words(row["name"])) > 1:
            country = row.get("country") or ""
            code = country if len(country) == 2 else codes.get(key_of(country), "")
            start, end = _year(row["start"]), _year(row["end"])
            surfaces = (Surface(row["name"], FormType.NAME),)
            found.append(Record("", row["name"], "person", code, "", start, end, surfaces, (_match(row["id"]),)))
    return found


def party_records(data: Path, check: WordCheck) -> list[Record]:
    """Return parties; acronyms and single words count only beside the party's country or full name."""
    found = []
    for row in rows(data, "parties"):
        surfaces = [_party_form(form, check) for form in dict.fromkeys([row["name"], *row["aliases"]])]
        kept = tuple(form for form in surfaces if form is not None)
        start, end = _year(row["start"]), _year(row["end"])
        match = row["id"].replace("WD:", "wikidata:")
        if kept:
            found.append(Record("", row["name"], "party", row["country"] or "", "", start, end, kept, (match,)))
    return found


def _party_form(form: str, check: WordCheck) -> Surface | None:
    words = split_words(form)
    if len(words) > 1:
        return Surface(form, FormType.WEAK if len(words) == 2 else FormType.NAME)
    if form.isascii() and form.isupper() and 3 <= len(form) <= 6:
        return Surface(form, FormType.WEAK, True)
    return Surface(form, FormType.WEAK) if check.fits(form) else None


def ucdp_records(data: Path, codes: dict[str, str], check: WordCheck) -> list[Record]:
    """Return the armed groups of UCDP's actor list; governments keep only their number, for our own records."""
    found = []
    for row in rows(data, "ucdp"):
        if row["kind"] == "communal-group":
            continue
        places = [codes.get(key_of(place.split("(")[0]), "") for place in row["location"].split(",")]
        country = places[0] if len(set(places)) == 1 else ""
        name = re.sub(r"^Government of | \(.*\)$", "", row["name"]) if row["kind"] == "government" else row["name"]
        kind = "government" if row["kind"] == "government" else "armed-group"
        forms = [part.strip() for alias in [row["name"], *row["aliases"]] for part in alias.split(",")]
        kept = tuple(form for form in (_ucdp_form(part, check) for part in dict.fromkeys(forms)) if form)
        code = codes.get(key_of(name), "??") if kind == "government" else country
        if kept or kind == "government":
            found.append(Record("", row["name"], kind, code, surfaces=kept, matches=(row["id"].replace("UCDP:", "ucdp:"),)))
    return found


def _ucdp_form(form: str, check: WordCheck) -> Surface | None:
    if " " not in form and form.isupper() and 3 <= len(form) <= 8:
        return Surface(form, FormType.WEAK, True)
    return Surface(form, FormType.NAME) if check.fits(form) and len(split_words(form)) <= 8 else None


def company_records(data: Path, check: WordCheck) -> list[Record]:
    """Return the companies of the S&P 500; a name that is also a common word needs its legal form beside it."""
    found = []
    for row in rows(data, "companies"):
        plain = _SUFFIX.sub("", re.sub(r" ?\(.*\)", "", row["name"]))
        forms = [
            row["name"],
            *(f"{plain} {legal}" for legal in ("Inc", "Corp", "Corporation", "Company")),
            *([plain] if check.fits(plain) else []),
        ]
        surfaces = tuple(
            Surface(f, FormType.NAME if len(split_words(f)) > 1 else FormType.ALIAS) for f in dict.fromkeys(forms) if check.fits(f)
        )
        found.append(Record("", plain, "company", row["country"], surfaces=surfaces, matches=(row["id"].replace("CIK:", "cik:"),)))
    return found
