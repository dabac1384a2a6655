"""Which few words of a sentence an interviewer picks up and quotes before a question.

Rules leave out what would put words into somebody's mouth; among the rest a fitted rule takes the phrase that a
listener would pick up: whole, and about the point. It was fitted by `evals/fit_quotes.py` on phrases that were marked
in sentences of the cases. Which of several points a question follows up on it does not tell: nearness of the question's
words to the phrase, by stems or by meaning, changed nothing where a case was left out of the fit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from math import exp

from pydantic import ConfigDict

from app.domain.speech import STOPWORDS, WORD, Topic, negated, stem, weight
from app.domain.vocabulary import Frozen

FEWEST_WORDS, MOST_WORDS = 2, 7
NO_QUOTE = "no quote"
"""The sign of quoting nothing at all, which the phrases have to be better than."""
_AUXILIARIES = frozenset(
    """is are was were be been being am do does did has have had will would can could should shall may might must isn't
    aren't doesn't don't won't gets get""".split()
)
_PREPOSITIONS = frozenset(
    """of in on at by for from with into over to under about per via within between through towards among against across
    without""".split()
)
_DETERMINERS = frozenset("a an the my our your their its his her this that these those each every any some no".split())
_CONJUNCTIONS = frozenset("and or but so because since while though if unless than then plus nor as".split())
_PRONOUNS = frozenset("i we you he she it they them us me who which what it's that's there".split())
_OPENS_CLAUSE = frozenset("because since so otherwise but while though if when as that which".split())
_LINKS = frozenset(
    """after before during until within without against among between through towards per via except besides never
    always often otherwise nor although unless whether instead rather both plus whom whose""".split()
)
_FUNCTION = STOPWORDS | _LINKS | _AUXILIARIES | _PREPOSITIONS | _DETERMINERS | _CONJUNCTIONS | _PRONOUNS
_CLASSES = (
    ("A", _AUXILIARIES),
    ("P", _PREPOSITIONS),
    ("D", _DETERMINERS),
    ("C", _CONJUNCTIONS),
    ("R", _PRONOUNS),
    ("F", _FUNCTION),
)
_ENDINGS = ("ing", "ed", "ly", "'s", "s")
_NUMBERS = frozenset(
    """one two three four five six seven eight nine ten twelve fifteen twenty thirty forty fifty sixty ninety hundred
    thousand million billion half quarter tenth third percent dozen""".split()
)
_STOPS = re.compile(r"[,;:.!?()\"—\n]")
_IN_A_NUMBER = re.compile(r"(?<=\d)[.,](?=\d)")
# Numbers are not torn: "top 1[,500]", "graded from 0[–4]", and not "[000] users" of 10,000.
_SAME_NUMBER = re.compile(r"[,.]\d|(?<=\d)–\d|(?<=\d) (?:in|of|out of) \d")
_SAME_NUMBER_BEFORE = re.compile(r"\d[,.–]$")
_CLAUSE_END = re.compile(r"[,;:.!?—\n]|\b(?:but|because|since|so)\b", re.IGNORECASE)
_NOBODY = re.compile(r"\b(?:nobody|nothing|hardly|barely)\b", re.IGNORECASE)
# No phrase that was marked began with one of these, or ended with one of those.
_NEVER_FIRST = frozenset(
    """of to than but and or while since also otherwise least against are can do had i'd know makes me much now off
    often plus say them through us was we're we've whose would""".split()
)
_NEVER_LAST = frozenset(
    """a against also always among an and any as because between but by can every gets how i i'd if instead into it's
    its just makes maybe me must my of or our per plus rather really should since some such than that's the their they
    to until want was we were what when where whether which while who will with within would""".split()
)
# "Over 1[, 7 and 28 days]", "a thousand or [two candidate posts]".
_LIST_OF_NUMBERS = re.compile(r",\s*\d")
_OR_SO_MANY = re.compile(r"\b(?:\d[\d,.]*|a|one|two|three|hundred|thousand|million) (?:or|to)\s+$", re.IGNORECASE)
_AMOUNT = re.compile(
    r"(?<![\w-])\d[\d.,]*(?![\d.,]*[-–]?[a-z])|\b(?:hundred|thousand|million|billion|percent|dozen)s?\b"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|half|third|quarter) (?:in|of|out of) (?:a |the )?\w+",
    re.IGNORECASE,
)
_WHY_ASKED = re.compile(
    r"\W*(?:(?:and|so)\W+)?i(?:['’]m| am)? ask(?:ing)?(?: (?:this|that|it))?\W+(?:because|since|as|so)\b", re.IGNORECASE
)
_N_IN_A_ROW = re.compile("N+")
LIKELY = 0.25
"""How likely a phrase must be where the subject of a criterion can be named instead.

In the marked sentences, their case left out of the fit, 63 of 100 are, and of these 70 of 100 are marked phrases; of
all that are quoted without a bound 63 of 100.
"""
_FAINT = 0.05
"""Less of a topic in a quote is chance: a word that is said of every point of the case."""
_MANY = 3.0


@dataclass(frozen=True)
class Phrase:
    """Some words of a sentence that may be quoted; `signs` tell how well."""

    text: str
    signs: dict[str, float]


class QuoteHead(Frozen):
    """The fitted rule: a phrase is as good as its signs weigh together. Without weights it quotes nothing.

    Attributes:
        verbs: words that are verbs more often than not, as the content uses them.
        weights: of each sign.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    verbs: tuple[str, ...] = ()
    weights: dict[str, float] = {}

    @cached_property
    def known_verbs(self) -> frozenset[str]:
        """The verbs, for looking up."""
        return frozenset(self.verbs)

    def worth(self, signs: dict[str, float]) -> float:
        """The log of how likely a phrase is quoted, up to what is common to the phrases of a sentence."""
        return sum(self.weights.get(sign, 0.0) * value for sign, value in signs.items())

    def best(self, phrases: Iterable[Phrase], *, least: float = 0.0) -> str | None:
        """The text of the phrase that is most worth quoting, the first of equals; None if none is worth it.

        Args:
            phrases: those of a sentence.
            least: how likely it must be among them, 0 to 1.
        """
        nothing = self.weights.get(NO_QUOTE, 0.0)
        most, text, others = nothing, None, [nothing]
        for phrase in phrases:
            worth = self.worth(phrase.signs)
            others.append(worth)
            if worth > most:
                most, text = worth, phrase.text
        return text if 1.0 >= least * sum(exp(worth - most) for worth in others) else None


@dataclass(frozen=True)
class Quoter:
    """Picks what is quoted of what was said on a topic.

    Attributes:
        topic: stems of the words that belong to the topic, with their weights.
        subject: words that name the topic where no phrase is likely enough to be quoted; empty if there are none.
        least: how likely a phrase must be, 0 to 1.
    """

    topic: Topic
    head: QuoteHead
    subject: str = ""
    least: float = 0.0

    def pick(self, said: str) -> str | None:
        """Two to seven words of a sentence that a question may pick up; None if nothing fit to quote is there.

        A question of the candidate's, or why it was asked, is none of their claims, and not quoted.
        """
        if said.rstrip("\"') ").endswith("?") or _WHY_ASKED.match(said):
            return None
        phrases = phrases_of(said, self.topic, verbs=self.head.known_verbs)
        return self.head.best(phrases, least=self.least)


def phrases_of(text: str, topic: Topic, *, verbs: frozenset[str]) -> Iterator[Phrase]:
    """The runs of two to seven words of a sentence that deny nothing, tear no number and are about the topic."""
    sentence = _Sentence(text, topic, verbs)
    for first in range(len(sentence.words)):
        start = sentence.places[first][0]
        if sentence.words[first] in _NEVER_FIRST or _SAME_NUMBER_BEFORE.search(text[:start]):
            continue
        if _is_number(sentence.words[first]) and _OR_SO_MANY.search(text[:start]):
            continue
        before = _CLAUSE_END.split(_IN_A_NUMBER.sub("", text[:start]))[-1]
        for last in range(first + FEWEST_WORDS - 1, min(first + MOST_WORDS, len(sentence.words))):
            end = sentence.places[last][1]
            if _STOPS.search(_IN_A_NUMBER.sub("", text[start:end])):
                break
            if sentence.words[last] in _NEVER_LAST or sentence.about(first, last) < _FAINT:
                continue
            if _SAME_NUMBER.match(text, end) or (text[end - 1].isdigit() and _LIST_OF_NUMBERS.match(text, end)):
                continue
            if sentence.joins_clauses(first, last):
                continue
            clause = f"{before}{text[start:end]}".replace("’", "'")
            if negated(clause) or _NOBODY.search(clause):
                continue
            yield Phrase(text=text[start:end], signs=sentence.signs(first, last))


class _Sentence:
    """What is known of the words of a sentence, by their places.

    Attributes:
        words: in lower case.
        shapes: function words as they are, others by what they look like.
        classes: a letter for the part that each plays: A auxiliary, P preposition, D determiner, C conjunction,
            R pronoun, F other function words, V verb, L adverb, N everything else.
        breaks: the sign that stands before each word, and last after the last.
    """

    def __init__(self, text: str, topic: Topic, verbs: frozenset[str]) -> None:
        found = list(WORD.finditer(text))
        self.places = [(match.start(), match.end()) for match in found]
        self.words = [match.group().lower().replace("’", "'") for match in found]
        self.shapes = [_shape(match.group(), word, verbs) for match, word in zip(found, self.words, strict=True)]
        self.classes = [_class(word, verbs) for word in self.words]
        bounds = [0, *(bound for place in self.places for bound in place), len(text)]
        self.breaks = [text[end:start].strip()[:1] for end, start in zip(bounds[::2], bounds[1::2], strict=True)]
        self.meant = [None if word in STOPWORDS else stem(word) for word in self.words]
        self.topic = topic
        self.whole = weight(self._meant(0, len(self.words)), topic) or 1.0

    def about(self, first: int, last: int) -> float:
        """How much of the topic is in a phrase."""
        return weight(self._meant(first, last), self.topic)

    def joins_clauses(self, first: int, last: int) -> bool:
        """Whether a phrase ends in the subject of another clause ("posts with an [action and negatives] are").

        The words before it tell: an article or a preposition opens no clause.
        """
        follows = last + 1 < len(self.words) and not self.breaks[last + 1] and self.classes[last + 1] == "A"
        inside = first > 0 and not self.breaks[first] and self.classes[first - 1] in "PD"
        return follows and inside and any(word in {"and", "or"} for word in self.words[first + 1 : last])

    def signs(self, first: int, last: int) -> dict[str, float]:
        """What tells how well the words from `first` to `last` can be quoted."""
        shapes, classes, breaks, count = self.shapes, self.classes, self.breaks, len(self.words)
        length = last - first + 1
        before = "^" if first == 0 else breaks[first] or shapes[first - 1]
        after = "$" if last == count - 1 else breaks[last + 1] or shapes[last + 1]
        class_before = "^" if first == 0 or breaks[first] else classes[first - 1]
        class_after = "$" if last == count - 1 or breaks[last + 1] else classes[last + 1]
        pattern = _N_IN_A_ROW.sub("N", "".join(classes[first : last + 1]))
        verb_inside = any(letter in "VA" for letter in classes[first + 1 : last + 1])
        opened = [word for word in self.words[:first] if word in _OPENS_CLAUSE]
        meant = self._meant(first, last)
        about = [self.topic.get(each, 0.0) for each in meant]
        names = [
            f"words {length}",
            f"first {shapes[first]}",
            f"last {shapes[last]}",
            f"before {before}",
            f"after {after}",
            f"{before}|{shapes[first]}",
            f"{shapes[last]}|{after}",
            f"ends {shapes[last - 1]} {shapes[last]}",
            f"pattern {pattern}",
            f"pattern {class_before}|{pattern[:3]}",
            f"pattern {pattern[-3:]}|{class_after}",
            f"verb inside {verb_inside} {class_before}|",
            f"verb inside {verb_inside} |{class_after}",
            f"verb first {classes[first] == 'V'} {class_before}|",
            f"{class_before}|{class_after}",
            f"clause of {opened[-1] if opened else 'its own'}",
            f"begins at {4 * first // count}",
            f"ends at {min(3, 4 * (last + 1) // count)}",
            f"after {min(3, sum(map(bool, breaks[1 : first + 1])))} stops",
            f"number {any(map(_is_number, self.words[first : last + 1]))}",
            *(f"in {shape}" for shape in shapes[first + 1 : last] if shape in _FUNCTION),
            *(f"{side} {self.words[at]}" for side, at in (("first", first), ("last", last))),
        ]
        if first > 0 and not breaks[first]:
            names.append(f"before {self.words[first - 1]}")
        if last < count - 1 and not breaks[last + 1]:
            names.append(f"after {self.words[last + 1]}")
        return dict.fromkeys(names, 1.0) | {
            "verbs": sum(letter == "V" for letter in classes[first + 1 : last + 1]),
            "topic": min(_MANY, sum(about)),
            "share of the topic": sum(about) / self.whole,
            "most of the topic in a word": max(about, default=0.0),
            "words that mean something": len(meant),
            "share of them": len(meant) / length,
            "place": first / count,
            "between stops": float(class_before == "^" and class_after == "$"),
            "whole sentence": float(length == count),
        }

    def _meant(self, first: int, last: int) -> set[str]:
        return {meant for meant in self.meant[first : last + 1] if meant is not None}


def _shape(written: str, word: str, verbs: frozenset[str]) -> str:
    if word in _FUNCTION:
        return word
    if word[0].isdigit():
        return "#"
    if len(word) > 1 and written.isupper():
        return "CAPITALS"
    if word in verbs:
        return "verb"
    return next((f"-{end}" for end in _ENDINGS if word.endswith(end) and len(word) > len(end) + 2), "other")


def _class(word: str, verbs: frozenset[str]) -> str:
    if "'" in word and word.split("'")[0] in _PRONOUNS:
        return "R"
    found = next((letter for letter, words in _CLASSES if word in words), None)
    return found or ("V" if word in verbs else "L" if word.endswith("ly") else "N")


def holds_number(text: str) -> bool:
    """Whether some words give an amount; "two towers" or "2-stage" is a name."""
    return _AMOUNT.search(text) is not None


def _is_number(word: str) -> bool:
    return word[0].isdigit() or word in _NUMBERS
