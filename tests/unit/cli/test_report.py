"""``evaluate --report`` as it is typed: one private file with the figures of ``--json``, or a clear line before the long work."""

import importlib.util
import json
import stat
from pathlib import Path

import pytest
from lxml import html

from newstagger.cli import run
from newstagger.report import page

SEA = (
    "The ferry left the harbour at noon.",
    "Fishing boats stayed in port.",
    "A tanker ran aground off the cape.",
    "The lighthouse was lit.",
)
RAIL = ("The night train was late again.", "Signals failed at the junction.", "A new tram line opens in spring.", "Railway staff met.")


def archive(rows):
    """Yield rows of two desks; every tenth bears the other desk's label."""
    for number in range(rows):
        name, sentences = (("sea", SEA), ("rail", RAIL))[number % 2]
        label = name if number % 10 else "rail"
        text = " ".join(sentences[(number // 2 + step) % 4] for step in range(3))
        date = f"2024-0{1 + number % 4}-11"
        yield {
            "id": f"a{number:03}",
            "title": f"Local news <{number}>",
            "text": text,
            "labels": [label],
            "lang": "en",
            "date": date,
            "source": f"paper {number % 3}",
        }


@pytest.fixture
def typed(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSTAGGER_HOME", str(tmp_path / "home"))
    for name, rows in (("old.jsonl", 60), ("new.jsonl", 44)):
        Path(name).write_text("".join(f"{json.dumps(row)}\n" for row in archive(rows)), "utf-8")

    def typed(*words):
        code = run([*map(str, words), "--models", "models"])
        told = capsys.readouterr()
        return code, told.out, told.err

    return typed


@pytest.fixture
def desk(typed):
    assert typed("train", "--corpus", "old.jsonl", "--name", "desk", "--facet", "topic")[0] == 0


def test_a_page_with_the_figures_that_are_printed(typed, desk):
    code, out, err = typed("evaluate", "--corpus", "new.jsonl", "--bundle", "desk", "--report", "out/deep/er", "--json")
    assert code == 0, err
    figures, file = json.loads(out), Path("out/deep/er/report.html")
    assert figures["report"] == str(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]
    tree = html.document_fromstring(file.read_bytes())
    rows = {
        row.xpath("string(th)").strip(): [cell.text_content() for cell in row.findall("td")]
        for row in tree.xpath("//table[@class='labels']/tbody/tr")
    }
    assert set(rows) == set(figures["per_label"])
    for label, told in figures["per_label"].items():
        expected = [str(told["support"]), f"{told['f1']:.3f}", str(told["predicted"]), f"{told['precision']:.3f}", f"{told['recall']:.3f}"]
        assert [rows[label][at] for at in (0, 1, 3, 4, 5)] == expected
    assert f"{figures['micro_f1']:.3f}" in tree.xpath("//dl[@class='cards']//dd/text()")
    assert "desk@1" in tree.findtext(".//title")
    tables = {
        table.xpath("string(caption)"): table.xpath("tbody/tr/th/bdi/text()")
        for table in tree.xpath("//h3[@id='topic-groups']/following-sibling::div//table")
    }
    assert tables["By source, all labels together"] == ["paper 0", "paper 1", "paper 2"]
    assert tables["By month, all labels together"] == ["2024-01", "2024-02", "2024-03", "2024-04"]
    assert "Local news <10>" in tree.text_content(), "the worst cases quote the articles"
    without = json.loads(typed("evaluate", "--corpus", "new.jsonl", "--bundle", "desk", "--json")[1])
    assert without == {name: value for name, value in figures.items() if name != "report"}


def test_people_are_told_where_the_page_is(typed, desk):
    _, out, _ = typed("evaluate", "--corpus", "new.jsonl", "--bundle", "desk", "--report", "out")
    assert out.endswith("report: out/report.html\n")


def test_a_page_is_replaced_by_the_same_bytes(typed, desk):
    pages = []
    for _ in range(2):
        assert typed("evaluate", "--corpus", "new.jsonl", "--bundle", "desk", "--report", "out")[0] == 0
        pages.append(Path("out/report.html").read_bytes())
    assert pages[0] == pages[1]


def test_a_bundle_that_has_learned_these_articles_is_warned_of(typed, desk):
    warned = {}
    for corpus in ("old.jsonl", "new.jsonl"):
        typed("evaluate", "--corpus", corpus, "--bundle", "desk", "--report", "out")
        warned[corpus] = "made from this very file" in Path("out/report.html").read_text("utf-8")
    assert warned == {"old.jsonl": True, "new.jsonl": False}


def test_cross_validation_has_a_page_too(typed):
    code, out, err = typed("evaluate", "--cv", 3, "--corpus", "old.jsonl", "--facet", "topic", "--report", "out", "--json")
    assert code == 0, err
    assert json.loads(out)["documents"] == 60
    text = html.document_fromstring(Path("out/report.html").read_bytes()).text_content()
    assert "3-fold cross-validation" in text
    assert "suggested from here" in text


def test_what_is_missing_is_said_before_the_long_work(typed, desk, monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *more: None if name == "matplotlib" else found(name, *more))
    code, out, err = typed("evaluate", "--corpus", "missing.jsonl", "--bundle", "desk", "--report", "out")
    assert (code, out) == (2, "")
    assert err == "newstagger: --report: a report needs matplotlib (pip install 'newstagger[report]')\n"


@pytest.mark.parametrize("folder", ["new.jsonl", "new.jsonl/deeper"])
def test_a_file_in_the_way_is_said_before_the_long_work(typed, desk, folder):
    code, _, err = typed("evaluate", "--corpus", "missing.jsonl", "--bundle", "desk", "--report", folder)
    assert code == 2
    assert "new.jsonl: not a folder" in err
    assert err.count("\n") == 1


def test_nothing_is_written_where_rendering_fails(typed, desk, monkeypatch):
    def broken(report, progress):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(page, "rendered", broken)
    assert typed("evaluate", "--corpus", "new.jsonl", "--bundle", "desk", "--report", "out")[0] == 2
    assert not Path("out").exists()


def test_without_a_report_nothing_of_it_is_loaded(typed, desk, monkeypatch):
    import subprocess
    import sys

    code = (
        "import sys\nfrom newstagger.cli import run\n"
        "assert run(['evaluate', '--corpus', 'new.jsonl', '--bundle', 'desk', '--models', 'models']) == 0\n"
        "assert not {'matplotlib', 'jinja2'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_all_facets_of_the_starter_have_their_section(typed):
    """Gazetteers tell where their bars stand and which words spoke, as the linear part does."""
    texts = (
        "Germany and France sign a pact. The government of Germany said on Monday that it will buy ferries from France. France agreed.",
        "Floods hit Poland. Villages in Poland were flooded on Friday, the United Nations said, and thousands left their homes in Poland.",
    )
    wrong = {"topic": ["medtop:15000000"], "region": ["iso:IT"], "actor": []}
    rows = [{"id": f"a{n}", "title": "", "text": texts[n % 2], "lang": "en", "labels": wrong} for n in range(12)]
    Path("all.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    code, out, err = typed(
        "evaluate", "--corpus", "all.jsonl", "--bundle", "starter", "--facet", "topic,region,actor", "--report", "out", "--json"
    )
    assert code == 0, err
    assert set(json.loads(out)["facets"]) == {"topic", "region", "actor"}
    tree = html.document_fromstring(Path("out/report.html").read_bytes())
    assert tree.xpath("//section/@aria-labelledby") == ["topic", "region", "actor", "legend"]
    for facet in ("topic", "region", "actor"):
        section = tree.xpath(f"//section[@aria-labelledby='{facet}']")[0]
        assert section.xpath(".//tr[@class='here']"), f"the bars of {facet}"
        assert section.xpath(".//ol[@class='cases']//mark"), f"the words that spoke for {facet}"
