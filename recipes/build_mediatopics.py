"""Builds ``newstagger/data/mediatopics.json`` from the IPTC Media Topics vocabulary: ids, English names, hierarchy, Wikidata ids.

Usage: python recipes/build_mediatopics.py DATA/topics/iptc_mediatopics.json

The vocabulary is (c) International Press Telecommunications Council, CC BY 4.0. The source names no successor of a retired
concept, so none is recorded; a retired concept keeps its name and its place, so that messages can speak of it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parent.parent / "newstagger" / "data" / "mediatopics.json"
RIGHTS = (
    "IPTC Media Topics NewsCodes, (c) International Press Telecommunications Council, CC BY 4.0, https://iptc.org/standards/media-topics/"
)


def entry(concept: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Return a concept's code with its name, its broader concept's code and its Wikidata id; empty where there is none."""
    broader = str(concept["broader"] or "").removeprefix("medtop:")
    return str(concept["id"]).removeprefix("medtop:"), [concept["name"].strip(), broader, str(concept["wikidata"] or "")]


def compact(source: Mapping[str, Any]) -> dict[str, Any]:
    """Return the vocabulary as the package carries it."""
    version = str(source["version"]).removeprefix("last updated ")
    live = dict(sorted(entry(concept) for concept in source["concepts"] if not concept["retired"]))
    retired = dict(sorted(entry(concept) for concept in source["concepts"] if concept["retired"]))
    return {"id": "medtop", "version": version, "rights": RIGHTS, "concepts": live, "retired": retired, "successors": {}}


def main() -> None:
    """Write the file, one concept a line so that a change can be read."""
    value = compact(json.loads(Path(sys.argv[1]).read_text("utf-8")))
    lines = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("],", "],\n").replace("{", "{\n")
    TARGET.write_text(f"{lines}\n", "utf-8")


if __name__ == "__main__":
    main()
