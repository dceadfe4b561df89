"""What editors reviewed, for ``feedback export`` and ``train --with-feedback``: gathered, told in lines, written to a file."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

from newstagger.cli.newsroom import open_state
from newstagger.cli.show import plain
from newstagger.corpus import iso_date
from newstagger.errors import ConfigError, CorpusError
from newstagger.files import write_whole
from newstagger.host import Host
from newstagger.newsroom.review import UNKNOWN_CONCEPT
from newstagger.newsroom.vocabularyfile import FILE, load_overlay
from newstagger.settings import KeepText, Settings
from newstagger.training.feedback import NOT_KEPT, Chosen, Feedback, Newsroom, feedback


def gathered(host: Host, settings: Settings, chosen: Chosen) -> Feedback:
    """Return what editors reviewed, as rows; raise ConfigError for a date that is none, or a vocabulary that cannot be read.

    Without the newsroom's own vocabulary the editors' word about its concepts would be lost on the way.
    """
    load_overlay(settings.home / FILE)
    if chosen.since and iso_date(chosen.since) != chosen.since:
        raise ConfigError(f"{chosen.since[:40]!r} is no ISO 8601 date", next_step="write --since 2024-12-31")
    return feedback(Newsroom(open_state(settings), settings.privacy, host.find, host.heirs), chosen)


def lines(told: Feedback, settings: Settings) -> Iterator[str]:
    """Yield how much was reviewed, what was left out and why, and what to do about it."""
    counts = ", ".join(f"{facet} {count}" for facet, count in told.counts().items())
    steps = {NOT_KEPT: _step(settings), UNKNOWN_CONCEPT: "deleted from the vocabulary, retired, or of a model that is not loaded"}
    yield f"feedback: {len(told.rows)} reviewed articles" + (f" ({counts})" if counts else "")
    for reason, count in told.left_out.items():
        yield f"feedback: left out {count} {reason}" + (f" ({steps[reason]})" if reason in steps else "")


def _step(settings: Settings) -> str:
    if settings.privacy.keep_text is KeepText.NONE:
        return 'set keep_text = "decided" under [privacy] in the settings; texts are kept from then on'
    return f"texts are kept from a decision's save on, for {settings.privacy.keep_days} days: see keep_text and keep_days under [privacy]"


def expect_rows(told: Feedback, settings: Settings) -> None:
    """Raise CorpusError, saying why, where there is nothing to learn from."""
    if not told.rows:
        why = _step(settings) if NOT_KEPT in told.left_out else "decide on tags first, or give --corpus FILE"
        raise CorpusError("no reviewed article can be learned from", next_step=why)


def write(told: Feedback, out: Path) -> None:
    """Put the rows in a file that only its owner reads, packed where it is named ``.gz``; raise ConfigError where that cannot be."""
    if (out.exists() or out.is_symlink()) and not out.is_file():
        raise ConfigError("not an ordinary file", where=plain(str(out)), next_step="name another with --out")
    packed = gzip.compress(told.data, mtime=0) if out.name.casefold().endswith(".gz") else told.data
    try:
        write_whole(out, packed, mode=0o600)
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}"
        raise ConfigError(what, where=plain(str(out)), next_step="check the folder, its permissions and the space left") from None
