import pytest

from newstagger.contracts import ReuseDetector
from newstagger.database import connect
from newstagger.domain import CreditState, Verdict
from newstagger.settings import WireSettings
from newstagger.wire.against import AgainstFiles
from newstagger.wire.detector import QUOTING, WireReuseDetector, examine
from newstagger.wire.index import WireIndex

NOW = 1_900_000_000.0


@pytest.fixture
def path(tmp_path):
    return tmp_path / "newsroom.sqlite3"


@pytest.fixture
def feed(path, make_item, make_text, story):
    def feed(now: float = NOW) -> None:
        index = WireIndex.open(path)
        index.add([(make_item("s1"), make_text(*story))], now)
        index.close()

    return feed


def detector(path, now: float = NOW, **settings: int) -> WireReuseDetector:
    return WireReuseDetector(path, WireSettings(**settings), clock=lambda: now)


def test_it_fits_the_contract(path):
    assert isinstance(detector(path), ReuseDetector)


def test_a_copy_without_a_credit(path, feed, make_article, make_text, story):
    feed()
    report = detector(path).check(make_article(), make_text("#Strike", *story))
    assert report.verdict is Verdict.WHOLLY_DERIVED
    assert report.credit.state is CreditState.UNCREDITED
    assert report.share == report.matches[0].share > 0.9
    assert report.matches[0].credit is CreditState.UNCREDITED


def test_a_copy_with_a_credit_and_one_with_another_s(path, feed, make_article, make_text, story):
    feed()
    check = detector(path).check
    assert check(make_article(), make_text(*story, "(AFP)")).credit.state is CreditState.CREDITED
    assert check(make_article(byline="Reuters"), make_text(*story)).credit.state is CreditState.CONFLICTING


def test_an_article_of_our_own(path, feed, make_article, make_text):
    feed()
    report = detector(path).check(
        make_article(), make_text("The library of Estrel opens on Sundays from next month, the council said on Monday.")
    )
    assert (report.verdict, report.credit.state, report.share, report.matches) == (Verdict.NON_DERIVED, CreditState.NONE_NEEDED, 0.0, ())


def test_no_index_is_never_a_no(path, make_article, make_text, story):
    report = detector(path).check(make_article(credit="AFP"), make_text(*story))
    assert report.verdict is Verdict.NOT_CHECKED
    assert "no wire index" in report.reason
    assert report.credit.agencies == ("AFP",)
    assert not path.exists()


def test_an_index_without_stories(path, make_article, make_text, story):
    index = WireIndex.open(path)
    assert detector(path).check(make_article(), make_text(*story)).verdict is Verdict.NOT_CHECKED
    index.seen("wire", NOW)
    assert detector(path).check(make_article(), make_text(*story)).reason == "wire index is empty"
    index.close()


@pytest.mark.parametrize(
    ("later", "verdict"), [(3_600, Verdict.WHOLLY_DERIVED), (90_000, Verdict.NOT_CHECKED), (-90_000, Verdict.NOT_CHECKED)]
)
def test_a_stale_index_answers_not_checked(path, feed, make_article, make_text, story, later, verdict):
    feed()
    report = detector(path, NOW + later).check(make_article(), make_text(*story))
    assert report.verdict is verdict
    assert ("stale" in report.reason) == (verdict is Verdict.NOT_CHECKED)


def test_max_age_is_a_setting(path, feed, make_article, make_text, story):
    feed()
    assert detector(path, NOW + 20, max_age=10).check(make_article(), make_text(*story)).verdict is Verdict.NOT_CHECKED


def test_the_generation_moves_with_the_index_and_with_its_age(path, feed):
    watched = detector(path)
    states = [watched.generation]
    feed()
    states += [watched.generation, detector(path, NOW + 90_000).generation]
    feed()
    states.append(watched.generation)
    assert len(set(states)) == 4
    assert (watched.fresh_at, detector(path.with_name("none")).fresh_at) == (NOW, None)


def test_an_index_put_in_place_of_another_is_opened_anew(path, feed, make_article, make_text, story):
    feed()
    watched = detector(path)
    assert watched.generation == "1"
    for file in path.parent.iterdir():
        file.unlink()
    assert watched.check(make_article(), make_text(*story)).verdict is Verdict.NOT_CHECKED
    feed()
    assert watched.check(make_article(), make_text(*story)).verdict is Verdict.WHOLLY_DERIVED


@pytest.mark.parametrize("written_before", [True, False])
def test_an_index_made_later_in_the_newsroom_s_file_is_seen_at_once(path, feed, make_article, make_text, story, written_before):
    path.touch()
    if written_before:
        connect(path, "CREATE TABLE of_another_part(x)").close()
    checker = detector(path)
    assert checker.check(make_article(), make_text(*story)).verdict is Verdict.NOT_CHECKED
    feed()
    assert checker.check(make_article(), make_text(*story)).verdict is Verdict.WHOLLY_DERIVED


def test_the_best_match_comes_first_and_digests_last(make_article, make_item, make_text, story):
    source = AgainstFiles([
        (make_item("digest", headline="The Latest: Estrel strike"), make_text(*story)),
        (make_item("part"), make_text(*story[:2])),
        (make_item("whole"), make_text(*story)),
    ])  # fmt: skip
    report = examine(make_article(), make_text(*story), source, WireSettings())
    assert [match.wire_id for match in report.matches] == ["whole", "part", "digest"]


def test_background_that_comes_back_for_days_is_no_reuse(make_article, make_item, make_text, story):
    background = (
        "The strait between the port and the islands has been closed to large vessels since a tanker ran aground there nine years ago."
    )
    fillers = [
        "tariffs on apples",
        "a museum of clocks",
        "two new bus lines",
        "an old lighthouse",
        "a school for divers",
        "the price of salt",
    ]
    items = []
    for day, filler in enumerate(fillers):
        own = (f"Day {day}: {filler}, {number} {word} {filler}." for number, word in enumerate("abc"))
        items.append((make_item(f"s{day}", created=f"2031-05-{day + 1:02}"), make_text(*own, background)))
    article, text = make_article(), make_text("Our reporter spent the night on the quay and counted the stars.", background)
    assert examine(article, text, AgainstFiles(items), WireSettings()).verdict is Verdict.NON_DERIVED
    assert examine(article, text, AgainstFiles(items[:2]), WireSettings()).verdict is not Verdict.NON_DERIVED


def test_a_form_letter_with_other_numbers_is_no_reuse(make_article, make_item, make_text):
    def draw(day: int) -> tuple[str, ...]:
        return (
            f"The numbers drawn on {day} May were {day + 3}, {day * 2}, {day + 17} and {day + 31}.",
            f"The jackpot of {day * 3} million marks was shared by {day} players, {day + 4} others won {day * 110} marks each.",
            f"The next draw is due on {day + 1} May at {day % 12} o'clock; tickets are sold until {day % 7} hours before.",
            "Players under the age of consent are not admitted, and whoever finds that the game has hold of them "
            "can call the town's helpline day and night.",
        )

    items = [(make_item(f"draw-{day}", created=f"2031-05-{day:02}"), make_text(*draw(day))) for day in range(1, 12)]
    report = examine(make_article(), make_text(*draw(20)), AgainstFiles(items), WireSettings())
    assert report.verdict is Verdict.NON_DERIVED
    copied = examine(make_article(), make_text(*draw(5)), AgainstFiles(items), WireSettings())
    assert [match.wire_id for match in copied.matches] == ["draw-5"]


def test_a_lapsed_feed_among_living_ones_turns_a_no_into_not_checked(path, feed, make_article, make_text, story):
    day = 86_400
    feed(NOW - 3 * day)
    index = WireIndex.open(path)
    index.seen("other", NOW, "dpa")
    index.close()
    own = make_text("The library of Estrel opens on Sundays from next month, the council said on Monday.")
    check = detector(path, window_days=30)
    report = check.check(make_article(), own)
    assert report.verdict is Verdict.NOT_CHECKED
    assert "not seen for over 86400 s" in report.reason
    assert check.check(make_article(), make_text(*story)).verdict is Verdict.WHOLLY_DERIVED
    assert detector(path, window_days=2).check(make_article(), own).verdict is Verdict.NON_DERIVED
    assert detector(path, window_days=30).generation != detector(path, window_days=2).generation


SAID = (
    "“We have counted every tide since the walkout began, and nobody has asked us how our children eat,” the pilot Oda Brandt said.",
    "Our reporter spent the night on the quay and counted the stars above the cranes.",
)


def test_quotes_alone_are_told_and_change_no_verdict(make_article, make_item, make_text, story):
    wire = make_item("s1"), make_text(*story, SAID[0])
    for thorough in (True, False):
        report = examine(make_article(), make_text(*SAID), AgainstFiles([wire]), WireSettings(), thorough=thorough)
        assert (report.verdict, report.share, report.matches) == (Verdict.NON_DERIVED, 0.0, ())
        (quote,) = report.shared_quotes
        assert quote.quote.startswith("We have counted")
        assert wire[1].string[quote.wire_start : quote.wire_end] == quote.quote


def test_few_are_asked_for_quotes(make_article, make_item, make_text):
    asked = []

    class Watched(AgainstFiles):
        def stories(self, docs):
            asked.append(len(docs))
            return super().stories(docs)

    source = Watched([(make_item(f"s{n}"), make_text(SAID[0])) for n in range(40)])
    assert examine(make_article(), make_text(*SAID), source, WireSettings(), thorough=True).shared_quotes
    assert asked == [0, QUOTING]


def test_a_feed_that_never_held_an_item_has_not_lapsed(path, feed, make_article, make_text):
    index = WireIndex.open(path)
    index.seen("mistyped", NOW - 3 * 86_400, "AFP")
    index.close()
    feed()
    own = make_text("The library of Estrel opens on Sundays from next month, the council said on Monday.")
    assert detector(path).check(make_article(), own).verdict is Verdict.NON_DERIVED
