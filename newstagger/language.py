"""The language of an article: what its field or its markup says, else what its words say, else unknown.

Function words decide for the languages that most newsrooms write; the rest is asked of py3langid, whose model takes most of a
second to load and is therefore loaded once, when first needed. An answer that is not clear is no answer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any

from newstagger.domain import NARRATIVE, Paragraph, Problem

THRESHOLD = 0.8
"""Lowest probability at which a detected language is believed."""
SAMPLE = 2_400
"""Characters of headline and narrative that the detector reads."""


def _split(string: str) -> list[str]:
    return string.split()


_CODES = frozenset(
    _split(
        "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu "
        "fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km "
        "kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om "
        "or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr "
        "ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
    )
)
"""ISO 639-1."""
_LONG = dict(
    pair.split("=")
    for pair in _split(
        "eng=en deu=de ger=de fra=fr fre=fr spa=es por=pt ita=it nld=nl dut=nl pol=pl rus=ru ukr=uk ara=ar zho=zh chi=zh cmn=zh "
        "jpn=ja kor=ko tur=tr swe=sv dan=da nor=no nob=nb nno=nn fin=fi ces=cs cze=cs slk=sk slo=sk slv=sl hrv=hr srp=sr bos=bs "
        "hun=hu ron=ro rum=ro bul=bg ell=el gre=el heb=he fas=fa per=fa hin=hi ben=bn urd=ur ind=id msa=ms may=ms tha=th vie=vi "
        "cat=ca eus=eu baq=eu glg=gl est=et lav=lv lit=lt kat=ka geo=ka hye=hy arm=hy aze=az kaz=kk uzb=uz afr=af swa=sw hau=ha "
        "yor=yo ibo=ig amh=am som=so zul=zu xho=xh tam=ta tel=te mal=ml kan=kn mar=mr guj=gu pan=pa mkd=mk mac=mk sqi=sq alb=sq "
        "isl=is ice=is gle=ga cym=cy wel=cy mlt=mt ltz=lb bel=be iw=he in=id ji=yi english=en german=de deutsch=de french=fr "
        "français=fr spanish=es español=es portuguese=pt português=pt italian=it italiano=it dutch=nl nederlands=nl russian=ru "
        "polish=pl arabic=ar chinese=zh japanese=ja turkish=tr swedish=sv danish=da norwegian=no finnish=fi"
    )
)
_UNKNOWN = frozenset({"", "und", "mul", "zxx", "mis", "x-default", "unknown", "none"})

_FUNCTION_WORDS = {
    "en": (
        "the of and to in a is that for it was on with as be by at from his he this are or an but not have they had which their "
        "has were said who its will would been she her about after more than when there also into if out up"
    ),
    "de": (
        "der die das und in den von zu mit im ist auf für nicht ein eine des sich dem auch es an als werden aus er hat dass sie "
        "nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch ich wir "
        "man sei sagte"
    ),
    "fr": (
        "de la le et les des en un du une est que pour qui dans a par plus pas au sur ne se ce il sont la avec son aux ou mais "
        "comme été cette ses elle nous ont d l qu leur était même deux après dont ces sa fait contre entre"
    ),
    "es": (
        "de la que el en y a los se del las un por con una su para es al lo como más o pero sus le ha me si sin sobre este ya "
        "entre cuando todo esta ser son dos también fue había era muy años hasta desde está según"
    ),
    "pt": (
        "de a o que e do da em um para com não uma os no se na por mais as dos como mas ao ele das à seu sua ou quando muito nos "
        "já também só pelo pela até isso ela entre depois sem mesmo aos seus foi são está pelos disse ser"
    ),
    "it": (
        "di e il la che in a per un è del una le dei con non i da si sono al della ha come più ma nel alla o anche lo gli delle "
        "dal nella ai se ad su questo l ed stato degli dell dalla all era suo essere hanno sulla"
    ),
    "nl": (
        "de van een het en in is dat op te zijn met voor niet aan er om ook als dan maar bij of uit nog naar heeft hij ze over "
        "wordt door zo deze werd tot geen worden al zijn was die hebben ik kan meer na moet onder zal"
    ),
    # neighbours of these: they may win, and then the model is asked
    "ca": ("de la i que el en a els les per un amb una del és al no es dels com més ha va són aquest aquesta les d l pel també però han"),
    "gl": (
        "de a e o que do da en un unha os para con non no na por as dos das ao ó máis como polo pola pero foi está seu súa coa á tamén é"
    ),
    "oc": "de la e lo que en los las un una per es dels amb del a dins sus pas al son aquela aquel mas se que foguèt èra",
    "af": "die van en in is het dat te op vir nie met om 'n wat hy sy aan word was deur as ook by sal uit het hulle ek n",
    "lb": "de an d den vun ass dat fir mat eng en déi op sinn net och am et si gouf hunn dem war zu ze als no um",
    "sco": "the o an tae in a is wis for wi that frae it as bi at his he thir are or but nae hae thay haed",
    "sv": "och i att det som en på är av för med den till inte har de om ett han men var jag från så sig under kan när eller sin",
    "da": "og i at det er en til af på som for med de der den har ikke han var et fra men sig kan om vi efter eller skal",
    "ro": "de și în a la cu care din pe o că un pentru nu este mai au sa prin dar ce se sunt fost al după lui",
}
_TRUSTED = frozenset({"en", "de", "fr", "es", "pt", "it", "nl"})
_WORD = re.compile(r"[^\W\d_]+")
MIN_WORDS, MIN_IDEOGRAPHS, ENOUGH_WORDS = 5, 12, 40
"""Fewer different words, or characters of a script without blanks, tell no language; function words decide from so many words."""
LEAST_SHARE, MOST_RIVAL = 0.25, 0.5
"""Function words decide when they are this share of all words, and the nearest rival's weigh at most this part of the winner's."""
_IDEOGRAPH = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@cache
def _languages_of_word() -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for code, words in _FUNCTION_WORDS.items():
        for word in sorted(set(_split(words))):
            table.setdefault(word, []).append(code)
    return {word: tuple(codes) for word, codes in table.items()}


@cache
def _identifier() -> Any:
    """Load py3langid's model (about .7 s of CPU), with probabilities that add up to one."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def normalise(told: str) -> str | None:
    """Return the ISO 639-1 code of "en-US", "eng", "English"; None for what is no language."""
    folded = told.strip().casefold()[:40]
    primary = re.split(r"[-_\s(]", folded, maxsplit=1)[0]
    code = _LONG.get(primary, primary)
    return code if code in _CODES else None


def _by_function_words(words: Sequence[str]) -> tuple[str, float] | None:
    """Return the language whose function words stand out, and its share of all that were counted with its nearest rival."""
    known = _languages_of_word()
    counts = dict.fromkeys(_FUNCTION_WORDS, 0)
    weights = dict.fromkeys(_FUNCTION_WORDS, 0.0)
    for word in words:
        for code in (codes := known.get(word, ())):
            counts[code] += 1
            weights[code] += 1 / len(codes)
    (best, most), (_, second) = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:2]
    if best not in _TRUSTED or counts[best] < LEAST_SHARE * len(words) or second > MOST_RIVAL * most:
        return None
    return best, most / (most + second)


def _clear(words: Sequence[str]) -> str | None:
    """Return the language that both halves of the words speak clearly, so that a mixture is not taken for one of its parts."""
    middle = len(words) // 2
    first, second = _by_function_words(words[:middle]), _by_function_words(words[middle:])
    return first[0] if first and second and first[0] == second[0] else None


def _model(string: str) -> tuple[str | None, float]:
    ranking = _identifier().rank(string)
    code, probability = ranking[0]
    return (code if code in _CODES else None), float(probability)


def _agreed(string: str) -> tuple[str | None, float]:
    """Ask the model; of a long text, ask for each half too, and believe only what all three say."""
    code, probability = _model(string)
    if len(string) < 400 or code is None:
        return code, probability
    middle = len(string) // 2
    halves = [_model(string[:middle]), _model(string[middle:])]
    return code, min([probability, *(p if half == code else 0.0 for half, p in halves)])


@lru_cache(maxsize=64)
def detect(string: str) -> tuple[str | None, float]:
    """Return the ISO 639-1 code of the language and how sure that is, in [0, 1]; (None, ...) when it is not clear.

    The model's figures are naive Bayes posteriors, softened by the root of the length (py3langid). Fewer than five words are
    not enough for anybody.
    """
    sample = string[:SAMPLE]
    words = [word.casefold() for word in _WORD.findall(sample)]
    if len(set(words)) < MIN_WORDS and len(_IDEOGRAPH.findall(sample)) < MIN_IDEOGRAPHS:
        return None, 0.0
    if len(words) >= ENOUGH_WORDS and (found := _clear(words)):
        whole = _by_function_words(words)
        if whole and whole[0] == found:
            return found, max(THRESHOLD, whole[1])
    if 2 * sum(unicodedata.category(character)[0] in "LM" for character in sample) < len("".join(sample.split())):
        return None, 0.0
    code, probability = _agreed(" ".join(words) if sample.isupper() else sample)
    return (code if probability >= THRESHOLD else None), probability


def among(string: str, languages: Iterable[str]) -> dict[str | None, float]:
    """Return how likely each of some languages (ISO 639-1) is that of a text, in [0, 1], the likeliest first; None: another, or none.

    The figures add up to one. Fewer than five words tell nothing.
    """
    sample = string[:SAMPLE]
    found: dict[str | None, float] = dict.fromkeys(languages, 0.0)
    if len({word.casefold() for word in _WORD.findall(sample)}) >= MIN_WORDS or len(_IDEOGRAPH.findall(sample)) >= MIN_IDEOGRAPHS:
        for told, probability in _identifier().rank(sample):
            code = "nb" if told == "no" and told not in found else told  # what the model calls Norwegian is Bokmål
            if code in found:
                found[code] += float(probability)
    found[None] = max(0.0, 1.0 - sum(found.values()))
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0] or "~")))


def _narrative(string: str, paragraphs: Iterable[Paragraph]) -> str:
    parts: list[str] = []
    room = SAMPLE
    for paragraph in paragraphs:
        if paragraph.kind in NARRATIVE and room > 0:
            parts.append(string[paragraph.start : min(paragraph.end, paragraph.start + room)])
            room -= len(parts[-1])
    return "\n".join(parts)


def language_of(
    told: str | None, marked: str | None, string: str, paragraphs: Iterable[Paragraph]
) -> tuple[str | None, tuple[Problem, ...]]:
    """Return a text's language: ``told`` by the article's field, ``marked`` by its markup, else detected; and what is doubtful."""
    problems: list[Problem] = []
    for value, place in ((told, "field"), (marked, "lang attribute")):
        if value is not None and value.strip().casefold() not in _UNKNOWN:
            if code := normalise(value):
                return code, tuple(problems)
            problems.append(Problem("language", "newstagger", f"the language {place} names no known language and was ignored"))
    code, probability = detect(_narrative(string, paragraphs))
    if code is None:
        problems.append(Problem("language", "newstagger", f"the language is not clear (best guess {probability:.2f}, needed {THRESHOLD})"))
    return code, tuple(problems)
