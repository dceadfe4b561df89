"""``newstagger feedback``: record what an editor decided, list it, count how the machine's tags were received, export it for training."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from newstagger.cli.corpora import facets_in
from newstagger.cli.newsroom import open_host, open_state
from newstagger.cli.options import Settings, common, echo_json, told_ref
from newstagger.cli.reception import reception_lines, reception_to_json
from newstagger.cli.reviewed import gathered, lines, write
from newstagger.cli.show import plain
from newstagger.contracts import State
from newstagger.domain import Action, EditorDecision, Facet
from newstagger.errors import TaxonomyError
from newstagger.formats.charset import checked_id
from newstagger.formats.tagging_json import decision_to_json
from newstagger.host import Host
from newstagger.newsroom.statistics import GroupBy, facet_sums, receptions
from newstagger.training.feedback import Chosen, Feedback

EXAMPLES = """\b
Examples:
  newstagger feedback reject mysite story-1 medtop:16000000 --by anna
  newstagger feedback add mysite story-1 iso:SY
  newstagger feedback list mysite story-1
  newstagger feedback stats --by person
  newstagger feedback export --out reviewed.jsonl
  newstagger feedback export --facet topic --since 2025-01-01 --site mysite"""


@click.group("feedback", epilog=EXAMPLES)
def command() -> None:
    """Record, list and count what editors decided, and export it for training."""


def _recorder(name: str, action: Action, text: str) -> None:
    @command.command(name, epilog=EXAMPLES, help=text)
    @click.argument("site")
    @click.argument("article")
    @click.argument("concept")
    @click.option("--by", default="", help="Who decided.")
    @click.option("--reason", default="", help="Why.")
    @common
    def record(*, settings: Settings, as_json: bool, site: str, article: str, concept: str, by: str, reason: str) -> int:
        decision = EditorDecision(told_ref(site, article, "feedback"), concept, action, by=plain(by), reason=plain(reason))
        return run(open_host(settings), decision, as_json=as_json)


_recorder("add", Action.ADDED, "Put a tag on an article for good.")
_recorder("reject", Action.REJECTED, "Take a tag off an article for good.")


def run(host: Host, decision: EditorDecision, *, as_json: bool) -> int:
    """Store the decision and print it; an id that no vocabulary and no earlier answer knows is refused."""
    last = host.explain(decision.ref)
    if last is None or decision.concept not in {tag.concept.id for tag in last.tags}:
        _expect_known(host, decision)
    host.editor_decided(decision)
    stored = host.feedback(decision.ref)[-1]
    _print((stored,), as_json=as_json)
    return 0


def _expect_known(host: Host, decision: EditorDecision) -> None:
    earlier = {told.concept for told in host.feedback(decision.ref)}
    try:
        host.concept(decision.concept)
    except TaxonomyError:
        if decision.concept not in earlier:
            raise


@command.command("list", epilog=EXAMPLES)
@click.argument("site", required=False)
@click.argument("article", required=False)
@common
def show(*, settings: Settings, as_json: bool, site: str | None, article: str | None) -> int:
    """List the decisions, oldest first: all of them, those of a site, or those about an article."""
    _print(_chosen(open_state(settings), site, article), as_json=as_json)
    return 0


def _chosen(state: State, site: str | None, article: str | None) -> Iterable[EditorDecision]:
    if site is not None and article is not None:
        return state.ledger.decisions(told_ref(site, article, "feedback"))
    if site is not None:
        checked_id(site, "site", "feedback")
    return (decision for decision in state.ledger.all() if site is None or decision.ref.site == site)


@command.command("stats", epilog=EXAMPLES)
@click.option("--by", type=click.Choice([str(word) for word in GroupBy]), default="concept", help="What to count apart.")
@click.option("--site", help="Count this site only.")
@common
def stats(*, settings: Settings, as_json: bool, by: str, site: str | None) -> int:
    """Count how the machine's tags were received: shown, accepted, rejected, what was missing, and the share that was kept."""
    return count(open_state(settings), open_host(settings), GroupBy(by), site, as_json=as_json)


def count(state: State, host: Host, by: GroupBy, site: str | None, *, as_json: bool) -> int:
    """Print the counts by concept, bundle, person or site, the most decided first; by concept with the sums of each facet."""
    answers = (record for record in state.audit.latest() if site in (None, record.ref.site))
    decisions = (decision for decision in state.ledger.all() if site in (None, decision.ref.site))
    groups = receptions(answers, decisions, by, host.find)
    sums = facet_sums(groups) if by is GroupBy.CONCEPT else ()
    if as_json:
        for kind, counted in ((str(by), groups), ("facet", sums)):
            for one in counted:
                echo_json(reception_to_json(one, kind))
    else:
        click.echo("\n".join(reception_lines(groups, sums, by)) if groups else "nothing was shown or decided yet")
    return 0


@command.command("export", epilog=EXAMPLES)
@click.option("--out", type=click.Path(path_type=Path), help="File to write, whole or not at all; .gz is packed (default: print).")
@click.option("--facet", metavar="F[,F]", help="topic, region, actor: which facets (default: all).")
@click.option("--since", metavar="DATE", help="Only articles that were decided on since, ISO 8601.")
@click.option("--site", "sites", multiple=True, help="Only articles of this site; may be given again.")
@common
def export(*, settings: Settings, as_json: bool, out: Path | None, facet: str | None, since: str | None, sites: tuple[str, ...]) -> int:
    """Write the articles that editors reviewed as rows of a corpus, for 'train --corpus'; 'train --with-feedback' reads them itself.

    labels: tags that editors accepted or added; rejected: those that they took off; unknown: those that nobody judged, which
    teach nothing (*: all others). The text is that of the decision, where [privacy] keep_text let it be kept.
    """
    chosen = Chosen(facets_in(facet) or tuple(Facet), sites, since or "")
    told = gathered(Host(settings, stateless=True), settings, chosen)
    return run_export(told, settings, out, as_json=as_json)


def run_export(told: Feedback, settings: Settings, out: Path | None, *, as_json: bool) -> int:
    """Write or print the rows; counts go to standard error, or as JSON to standard output where that is free."""
    if out is None:
        click.echo(told.data, nl=False)
    else:
        write(told, out)
    if as_json and out is not None:
        echo_json({"file": str(out), "rows": len(told.rows), "facets": told.counts(), "left_out": dict(told.left_out)})
    else:
        click.echo("\n".join(lines(told, settings)), err=True)
    return 0


def _print(decisions: Iterable[EditorDecision], *, as_json: bool) -> None:
    for decision in decisions:
        if as_json:
            echo_json(decision_to_json(decision))
        else:
            who = f" by {plain(decision.by, 30)}" if decision.by else ""
            click.echo(f"{plain(str(decision.ref), 60)}  {decision.action!s:<9}{plain(decision.concept, 60)}  {decision.at}{who}")
