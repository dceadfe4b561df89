"""For people who write plugins and adapters: sample articles, and what the conformance kit needs of a CMS.

``newstagger.testing.conformance`` holds the rules that every adapter keeps (it alone needs pytest), ``newstagger.testing.pressroom``
a small CMS in memory with the traps of real ones.
"""

from newstagger.testing.articles import FOLDER, Sample, sample_article, sample_wire, samples
from newstagger.testing.driver import Cms, Form
from newstagger.testing.scripted import LABELS, ScriptedTagger, Trouble, newsroom, promote

__all__ = [
    "FOLDER",
    "LABELS",
    "Cms",
    "Form",
    "Sample",
    "ScriptedTagger",
    "Trouble",
    "newsroom",
    "promote",
    "sample_article",
    "sample_wire",
    "samples",
]
