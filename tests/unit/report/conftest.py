"""A tagger that says what it is told, an archive it is wrong on, and the report on both."""

import pytest

from newstagger.contracts import Example
from newstagger.domain import (
    Abstention,
    Article,
    ArticleRef,
    Concept,
    Decision,
    Evaluation,
    Evidence,
    Facet,
    Paragraph,
    ParagraphKind,
    Proposal,
    Role,
    Tag,
    Text,
)  # fmt: skip
from newstagger.learning.evaluation import score
from newstagger.report.data import About
from newstagger.report.gather import gather
from newstagger.report.notes import Notes


def text_of(headline, body, language="en"):
    string = f"{headline}\n\n{body}" if headline else body
    start = len(string) - len(body)
    kinds = ((ParagraphKind.HEADLINE, 0, len(headline)), (ParagraphKind.BODY, start, len(string)))
    return Text(string, tuple(Paragraph(*kind) for kind in kinds if kind[2] > kind[1]), language)


def example_of(name, headline, body, labels, *, language="en", date=None, source="wire", **more):
    article = Article(ArticleRef("desk", name), headline, body, language=language)
    return Example(article, text_of(headline, body, language), tuple(labels), date, None, source, **more)


def tag_of(text, label, value, decision=Decision.SUGGEST, words=(), facet=Facet.TOPIC, name=None):
    """Return a tag whose reasons are (word, contribution) pairs; each word is quoted wherever it stands."""
    reasons = []
    for word, amount in words:
        places = [at for at in range(len(text.string)) if text.string.startswith(word, at)] if word else []
        reasons.append(Evidence(word, amount, tuple(text.quote(at, at + len(word)) for at in places[:50])))
    total = sum(amount for _, amount in words)
    return Tag(Concept(label, name or label, facet), value, decision, Role.MAIN, total - 1.0, -1.0, 0.0, tuple(reasons), "told")


class ToldTagger:
    """Answers from a table: article id to tags, or to the reason for which it abstains."""

    name, facet = "told", Facet.TOPIC

    def __init__(self, answers):
        self.answers = answers

    def tag(self, article, text):
        told = self.answers.get(article.ref.id, ())
        return Proposal((), (Abstention(self.facet, told),)) if isinstance(told, str) else Proposal(tuple(told))

    def bars(self, concept_id):
        return 0.4, 0.8


def noted(examples, answers, tagger=None):
    """Return the notes taken while a tagger answered, and the figures."""
    notes, tagger, given = Notes(), tagger or ToldTagger(answers), []
    for example in examples:
        proposal = tagger.tag(example.article, example.text)
        notes(tagger, example, proposal)
        given.append([t.concept.id for t in proposal.tags if t.decision is not Decision.SILENT and example.judges(t.concept.id)])
    wanted = [example.labels for example in examples]
    labels = {label for row in (*wanted, *given) for label in row}
    return notes, Evaluation((score(Facet.TOPIC, wanted, given, labels),), "archive.jsonl")


def report_on(examples, answers, about=None):
    notes, evaluation = noted(examples, answers)
    return gather(evaluation, notes, about or About("desk@1"))


@pytest.fixture
def archive():
    """Return examples and answers: 40 on sea, 40 on rail; some rail is taken for sea, some sea is missed, two rows are too short."""
    examples, answers = [], {}
    for number in range(80):
        label = ("sea", "rail")[number % 2]
        body = f"The {'ferry' if label == 'sea' else 'train'} was late, said the crew of number {number}."
        example = example_of(
            f"a{number}", f"Late again {number}", body, [label], date=f"2024-0{1 + number % 3}-01", source=f"s{number % 2}"
        )
        words = [("ferry", 2.0), ("crew", -0.5)] if label == "sea" else [("train", 2.0), ("crew", 0.3)]
        right = tag_of(example.text, label, 0.95 if number < 60 else 0.6, Decision.AUTO if number < 60 else Decision.SUGGEST, words)
        answers[f"a{number}"] = [right]
        if number in (1, 3, 5):
            answers[f"a{number}"] = [tag_of(example.text, "sea", 0.9, Decision.AUTO, [("crew", 1.5)])]
        if number in (2, 4):
            answers[f"a{number}"] = [tag_of(example.text, "sea", 0.1, Decision.SILENT, [("ferry", 0.2), ("late", -3.0)])]
        examples.append(example)
    answers |= {"a78": "too short", "a79": "too short"}
    return examples, answers
