"""Taggings for people: one readable block an article. Copy is data: control characters are shown, never sent to the terminal."""

from __future__ import annotations

from collections import Counter

from newstagger.domain import Article, Decision, ReuseReport, Tag, Tagging, Verdict, in_order

MARKS = {Decision.AUTO: "auto", Decision.SUGGEST: "suggest", Decision.SILENT: "silent"}


def plain(text: str, width: int | None = None) -> str:
    """Return text on one line without anything that a terminal would obey, cut to ``width`` characters."""
    line = " ".join("".join(c if c.isprintable() else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in text).split())
    return line if width is None or len(line) <= width else f"{line[: width - 1]}…"


def block(article: Article, tagging: Tagging, *, why: bool = False, everything: bool = False) -> str:
    """Return the lines for one article: its tags by facet with score, decision and reasons, its reuse, its problems."""
    bundle = "no model" if tagging.bundle is None else str(tagging.bundle)
    state = " · unchanged" if tagging.unchanged else ""
    head = (
        f"{plain(article.headline or article.ref.id, 100)}\n  {plain(str(tagging.ref), 60)} · {tagging.language or '?'} · {bundle}{state}"
    )
    tags = [tag for tag in in_order(tagging.tags) if everything or tag.decision is not Decision.SILENT]
    twice = {label for label, times in Counter(tag.concept.pref_label for tag in tags).items() if times > 1}
    lines = [head, *(line for tag in tags for line in _tag_lines(tag, why, named_twice=tag.concept.pref_label in twice))]
    lines += [f"  {abstention.facet!s:<8}left to the editor: {plain(abstention.reason)}" for abstention in tagging.abstained]
    lines += _reuse_lines(tagging.reuse, why) if tagging.reuse else []
    lines += [f"  ! {plain(problem.stage)} ({plain(problem.plugin)}): {plain(problem.message)}" for problem in tagging.problems]
    return "\n".join(lines)


def _tag_lines(tag: Tag, why: bool, *, named_twice: bool) -> list[str]:
    label = f"{tag.concept.pref_label} ({tag.concept.id})" if named_twice else tag.concept.pref_label
    row = f"  {tag.concept.facet!s:<8}{plain(label, 34):<35}{tag.score:.2f}  {MARKS[tag.decision]:<8}{tag.role!s:<10}"
    return [f"{row}{'' if why else plain(_words(tag), 60)}".rstrip(), *(why_lines(tag) if why else [])]


def _words(tag: Tag) -> str:
    """Return the words that speak for a tag, each once with how often it stands there; several reasons may share a place."""
    places: dict[str, set[int]] = {}
    spelt: dict[str, str] = {}
    for quote in (quote for evidence in tag.evidence if evidence.contribution > 0 for quote in evidence.quotes):
        folded = quote.quote.casefold()
        spelt.setdefault(folded, quote.quote)
        places.setdefault(folded, set()).add(quote.start)
    return ", ".join(f"{spelt[word]} ×{len(at)}" if len(at) > 1 else spelt[word] for word, at in places.items())


def why_lines(tag: Tag) -> list[str]:
    """Return the sum behind a tag, a line a term: bias + terms + rest = margin."""
    lines = [f"            margin {tag.margin:+.3f} = bias {tag.bias:+.3f}"]
    for evidence in tag.evidence:
        places = ", ".join(f"“{plain(q.quote, 40)}” {q.start}–{q.end}" for q in evidence.quotes[:4])
        more = f" and {len(evidence.quotes) - 4} more" if len(evidence.quotes) > 4 else ""
        lines.append(f"            {evidence.contribution:+.3f}  {plain(evidence.term, 40):<28} {places}{more}".rstrip())
    return [*lines, f"            {tag.rest + 0.0:+.3f}  all the rest"] if round(tag.rest, 3) else lines


def _reuse_lines(reuse: ReuseReport, why: bool) -> list[str]:
    if reuse.verdict is Verdict.NOT_CHECKED:
        return [f"  wire    not checked: {plain(reuse.reason)}", *_credit_lines(reuse)]
    head = f"  wire    {reuse.verdict}"
    if reuse.matches:
        best = reuse.matches[0]
        head += f": {reuse.share:.0%} of the words stand in {plain(best.agency or best.feed or 'wire')} {plain(best.wire_id, 40)}"
    lines = [f"{head} · {reuse.credit.state}", *_credit_lines(reuse)]
    for match in reuse.matches if why else ():
        lines += [
            f"            {plain(match.wire_id, 24)} “{plain(p.quote, 70)}” {p.start}–{p.end}, {p.words} words" for p in match.passages
        ]
    return lines


def _credit_lines(reuse: ReuseReport) -> list[str]:
    return [f"          credit: {plain(c.agency)} ({c.form}) {plain(c.quote, 60)}".rstrip() for c in reuse.credit.found]
