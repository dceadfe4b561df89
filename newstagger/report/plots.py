"""The curves as pictures: small SVG images in ``data:`` addresses, the same bytes for the same figures. Holds no word of an article.

Matplotlib is imported here only, and without any window system.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Sequence
from typing import Any

from newstagger.report.data import Curves, Cut

SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "newstagger",
    "font.size": 9.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
SIZE = (6.6, 2.7)
BLUE, ORANGE, GREY = "#1f4e79", "#b34700", "#767676"
_FONTS, _SPACE = re.compile(r"font-family: [^;\"]*"), re.compile(r"\s*\n\s*")
_NO_METADATA: dict[str, Any] = dict.fromkeys(("Date", "Creator", "Format", "Type"))


def picture(curves: Curves, cuts: Sequence[Cut] = ()) -> str:
    """Return the precision-recall curve, with the bars among ``cuts`` marked, and the reliability curve beside it, as an address."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(SETTINGS):
        figure = Figure(figsize=SIZE, layout="constrained")
        left, right = figure.subplots(1, 2)
        _precision_recall(left, curves, cuts)
        _reliability(right, curves)
        written = io.StringIO()
        figure.savefig(written, format="svg", metadata=_NO_METADATA)
    return f"data:image/svg+xml;base64,{base64.b64encode(_small(written.getvalue()).encode('utf-8')).decode('ascii')}"


def _small(svg: str) -> str:
    """Return an SVG without what no browser needs: its prologue, line breaks, and fonts that nobody has."""
    return _SPACE.sub(" ", _FONTS.sub("font-family: sans-serif", svg[svg.index("<svg") :]))


def _precision_recall(axes: Any, curves: Curves, cuts: Sequence[Cut]) -> None:
    axes.plot(curves.recall, curves.precision, color=BLUE, linewidth=1.6)
    for cut in cuts:
        if cut.note and cut.tags:
            inside = ORANGE if "unasked" in cut.note else "none"
            axes.plot([cut.recall], [cut.precision], marker="o", markersize=6, markeredgecolor=ORANGE, markerfacecolor=inside)
    _frame(axes, "Precision and recall", "recall", "precision")


def _reliability(axes: Any, curves: Curves) -> None:
    axes.plot([0, 1], [0, 1], linestyle=":", color=GREY, linewidth=1)
    axes.plot([one.score for one in curves.bins], [one.right for one in curves.bins], marker="o", markersize=4, color=BLUE, linewidth=1.2)
    _frame(axes, "Is a score what it says?", "score", "share that is right")


def _frame(axes: Any, title: str, across: str, up: str) -> None:
    axes.set(xlim=(0, 1.02), ylim=(0, 1.04), xlabel=across, ylabel=up, xticks=(0, 0.5, 1), yticks=(0, 0.25, 0.5, 0.75, 1))
    axes.set_title(title, fontsize=9.5)
    axes.grid(color="#dddddd", linewidth=0.6)
