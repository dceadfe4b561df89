"""``newstagger feedback``: record what an editor decided, and list it."""

from __future__ import annotations

import click

from newstagger.cli.options import Settings, common, echo_json
from newstagger.cli.show import plain
from newstagger.domain import Action, ArticleRef, EditorDecision
from newstagger.errors import TaxonomyError
from newstagger.formats.charset import checked_id
from newstagger.formats.tagging_json import decision_to_json
from newstagger.host import Host

EXAMPLES = """\b
Examples:
  newstagger feedback reject mysite story-1 medtop:16000000 --by anna
  newstagger feedback add mysite story-1 iso:SY
  newstagger feedback list mysite story-1"""


@click.group("feedback", epilog=EXAMPLES)
def command() -> None:
    """Record and list what editors decided."""


def _recorder(name: str, action: Action, text: str) -> None:
    @command.command(name, epilog=EXAMPLES, help=text)
    @click.argument("site")
    @click.argument("article")
    @click.argument("concept")
    @click.option("--by", default="", help="Who decided.")
    @click.option("--reason", default="", help="Why.")
    @common
    def record(*, settings: Settings, as_json: bool, site: str, article: str, concept: str, by: str, reason: str) -> int:
        where = "feedback"
        ref = ArticleRef(checked_id(site, "site", where), checked_id(article, "id", where))
        decision = EditorDecision(ref, concept, action, by=plain(by), reason=plain(reason))
        return run(Host(settings), decision, as_json=as_json)


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
@click.argument("site")
@click.argument("article")
@common
def show(*, settings: Settings, as_json: bool, site: str, article: str) -> int:
    """List the decisions about an article, oldest first."""
    _print(Host(settings).feedback(ArticleRef(site, article)), as_json=as_json)
    return 0


def _print(decisions: tuple[EditorDecision, ...], *, as_json: bool) -> None:
    for decision in decisions:
        if as_json:
            echo_json(decision_to_json(decision))
        else:
            who = f" by {plain(decision.by, 30)}" if decision.by else ""
            click.echo(f"{plain(str(decision.ref), 60)}  {decision.action!s:<9}{plain(decision.concept, 60)}  {decision.at}{who}")
