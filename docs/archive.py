"""Makes the archive of a newsroom that does not exist, for docs/retraining.md: the same articles every time, in three languages.

    python docs/archive.py FOLDER

archive.csv is what a CMS or a spreadsheet exports: the desks' own labels, cells apart by semicolon, labels by ``|``. labels.json
says which Media Topics they are. spring.jsonl came in later and has Media Topics; in relabelled.jsonl somebody filed most soccer stories
under school by mistake. story.json is one article. The sentences stand in archive_sentences.toml.
"""

from __future__ import annotations

import csv
import json
import random
import sys
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

SENTENCES = Path(__file__).with_name("archive_sentences.toml")
TOPICS = {"soccer": "medtop:20001065", "court": "medtop:20000107", "school": "medtop:20000400", "shipping": "medtop:20000343"}
PLACES = ("Ardmore", "Brandau", "Calvinet", "Dunholm", "Eschwege", "Fontrailles", "Grantham", "Holmsund")
COLUMNS = ("id", "date", "lang", "title", "text", "labels")
FIRST_DAY = date(2025, 1, 1)
STORY = {
    "id": "story-1",
    "site": "courier.example",
    "headline": "Ferry hits quay in Dunholm",
    "body": "The ferry from Ardmore touched the quay on Tuesday. The captain had asked for a tug, and dockers saw the tide turn too "
    "early. Pupils on a school trip were on board; nobody was hurt. The shipping company spoke of a few scratches.",
    "language": "en",
}


def articles(count: int, first: int, seed: int) -> Iterator[dict[str, object]]:
    """Yield articles, one a day: a third about nothing in particular, some about two things; a few labels are wrong, as anywhere."""
    told, chance = tomllib.loads(SENTENCES.read_text("utf-8")), random.Random(seed)  # noqa: S311 (made-up articles)
    for number in range(first, first + count):
        language = chance.choice(["en", "en", "en", "de", "de", "fr"])
        topics = chance.sample([*TOPICS], chance.choice([0, 1, 1, 1, 2]))
        sentences = [s for topic in topics for s in chance.sample(told[topic][language]["sentences"], chance.choice([1, 2, 3]))]
        sentences += chance.sample(told["any"][language]["sentences"], 4)
        headlines = told[chance.choice([*topics, "any"])][language]["headlines"]
        chance.shuffle(sentences)
        title, *body = (filled(text, chance) for text in [chance.choice(headlines), *sentences])
        day = FIRST_DAY + timedelta(days=number)
        labels = topics if chance.random() < 0.95 else chance.sample([*TOPICS], 1)
        yield {
            "id": str(1000 + number),
            "date": day.isoformat(),
            "lang": language,
            "title": title,
            "text": " ".join(body),
            "labels": labels,
        }


def filled(text: str, chance: random.Random) -> str:
    """Return a sentence with a place and a number put in."""
    return text.format(p=chance.choice(PLACES), n=chance.randint(2, 90))


def write_table(path: Path, rows: list[dict[str, object]]) -> None:
    """Write what a spreadsheet saves as "CSV UTF-8" where commas are for decimals."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file, delimiter=";")
        table.writerow(COLUMNS)
        table.writerows([{**row, "labels": "|".join(row["labels"]) or "[]"}[name] for name in COLUMNS] for row in rows)


def write_lines(path: Path, rows: list[dict[str, object]]) -> None:
    """Write JSON lines with Media Topics for labels."""
    rows = [{**row, "labels": [TOPICS[label] for label in row["labels"]]} for row in rows]
    path.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), "utf-8")


def mistaken(row: dict[str, object], number: int) -> dict[str, object]:
    """Return a row as somebody filed it who took soccer for a school subject four times out of five."""
    wrong = number % 5 and "soccer" in row["labels"]
    return {**row, "labels": sorted({"school" if label == "soccer" else label for label in row["labels"]})} if wrong else row


def main(folder: Path) -> None:
    """Write the files into a folder."""
    rows, later = [*articles(420, 0, seed=1)], [*articles(240, 420, seed=2)]
    folder.mkdir(parents=True, exist_ok=True)
    write_table(folder / "archive.csv", rows)
    write_lines(folder / "spring.jsonl", later)
    write_lines(folder / "relabelled.jsonl", [mistaken(row, number) for number, row in enumerate(rows)])
    (folder / "labels.json").write_text(json.dumps(TOPICS, indent=2) + "\n", "utf-8")
    (folder / "story.json").write_text(json.dumps(STORY, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
