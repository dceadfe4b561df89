"""Builds what the package carries of IPTC Media Topics: ``mediatopics.json`` and ``mediatopics_names.json`` in newstagger/data.

Usage: python recipes/build_mediatopics.py DATA/topics/iptc_mediatopics.json

The vocabulary is (c) International Press Telecommunications Council, CC BY 4.0. The first file holds ids, English names, hierarchy
and Wikidata ids, the second the names in all languages, read only when they are asked for. The source names no successor of a
retired concept: one is told where a single live concept has the same Wikidata id, or the same name in at least three languages (a
name in two alone made "endurance race" a "long distance run"). A retired concept keeps its name and its place, so that messages
can speak of it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "newstagger" / "data"
RIGHTS = (
    "IPTC Media Topics NewsCodes, (c) International Press Telecommunications Council, CC BY 4.0, https://iptc.org/standards/media-topics/"
)
FEWEST_LANGUAGES = 3
SAME_LANGUAGE = {"en-US": "en-GB", "pt-BR": "pt-PT", "nn": "nb"}
Concepts = Sequence[Mapping[str, Any]]


def code(concept_id: str | None) -> str:
    """Return a concept's number; empty for none."""
    return (concept_id or "").removeprefix("medtop:")


def entry(concept: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Return a concept's code with its name, its broader concept's code and its Wikidata id; empty where there is none."""
    return code(concept["id"]), [concept["name"].strip(), code(concept["broader"]), str(concept["wikidata"] or "")]


def compact(version: str, live: Concepts, retired: Concepts) -> dict[str, Any]:
    """Return the vocabulary as the package carries it."""
    concepts, old = (dict(sorted(map(entry, some))) for some in (live, retired))
    return {
        "id": "medtop",
        "version": version,
        "rights": RIGHTS,
        "concepts": concepts,
        "retired": old,
        "successors": successors(live, retired),
    }


def successors(live: Concepts, retired: Concepts) -> dict[str, str]:
    """Return the code of the one live concept that is the same as a retired one, by the retired one's code."""
    found = {code(old["id"]): {code(new["id"]) for new in live if same(old, new)} for old in retired}
    return {old: min(new) for old, new in sorted(found.items()) if len(new) == 1}


def same(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Tell whether two concepts are one: by their Wikidata id, or by their names in several languages."""
    if old["wikidata"] and old["wikidata"] == new["wikidata"]:
        return True
    alike = {
        SAME_LANGUAGE.get(lang, lang)
        for lang, name in old["names"].items()
        if name.strip().casefold() == new["names"].get(lang, "").strip().casefold()
    }
    return len(alike) >= FEWEST_LANGUAGES


def names(version: str, concepts: Concepts) -> dict[str, Any]:
    """Return the names of all concepts, one column a language; empty where there is none or it is the preferred name."""
    languages = sorted({lang for concept in concepts for lang in concept["names"]})
    rows = dict(sorted((code(concept["id"]), list(columns(concept, languages))) for concept in concepts))
    return {"id": "medtop", "version": version, "rights": RIGHTS, "languages": languages, "names": rows}


def columns(concept: Mapping[str, Any], languages: Sequence[str]) -> Iterator[str]:
    """Yield a concept's name in each language."""
    for lang in languages:
        name = " ".join(concept["names"].get(lang, "").split())
        yield "" if lang.startswith("en") and name == concept["name"].strip() else name


def write(path: Path, value: Mapping[str, Any]) -> None:
    """Write a file with one concept a line, so that a change can be read."""
    lines = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("],", "],\n").replace("{", "{\n")
    path.write_text(f"{lines}\n", "utf-8")


def main() -> None:
    """Write both files."""
    source = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    version = str(source["version"]).removeprefix("last updated ")
    live, retired = ([c for c in source["concepts"] if bool(c["retired"]) is old] for old in (False, True))
    write(DATA / "mediatopics.json", compact(version, live, retired))
    write(DATA / "mediatopics_names.json", names(version, source["concepts"]))


if __name__ == "__main__":
    main()
