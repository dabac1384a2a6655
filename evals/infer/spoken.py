"""Puts full stops and question marks into what a voice recorder wrote down without any.

Hesitations and words said twice are left out, and each part that is put like a question ("what does", "would you")
becomes one. What has marks of its own is left as it is.
"""

from __future__ import annotations

import re
from functools import lru_cache

_MARKED = re.compile(r"[.?!…:;\n]")
_FEWEST_WORDS = 4
_HESITATION = re.compile(
    r"\b(?:u+h+m*|u+m+|e+h*m+|e+r+m*|(?<!'d )(?<!would )(?<!you )(?<!feel )(?<!looks )like(?! to\b)|i mean|(?<!would )(?<!do )you know|kind of|sort of|just so)\b ?",
    re.IGNORECASE,
)
_TWICE = re.compile(r"\b(\w[\w']*(?: \w[\w']*){0,3}) \1\b", re.IGNORECASE)
_WHO = r"(?:you|we|i|it|they|he|she|that|this|these|those|there|the|your|a|an|our|any|each|one|people|users|somebody|someone)"
_ASKS = re.compile(
    r"(?<!that's )(?<!know )(?<!\bis )(?<!about )(?<!see )\b(?:"
    rf"(?:how|what|why|which|where|when|who)(?: (?!you\b|we\b|it\b|they\b|that\b|this\b)[\w']+){{0,3}}? (?:do|does|did|would|will|can|could|should|have|has)(?:n't)? {_WHO}\b|"
    rf"(?:how|what|why)(?:'s| is| are| was| were)(?:n't)? (?:{_WHO}|wrong|different|next|left|missing|so)\b|how (?:many|much|often|big|long|far|fast|old|large)\b(?! of (?:a|an)\b)|"
    r"(?:what|who) (?!is\b|was\b)[\w']+s (?:you|it|that|this|them|first|next|there|then|when|if|in|on|until|after|before|to|at|with)\b|"
    r"(?:what|how) about\b|(?:do|did|can|could|would|will|have|are) you\b|is there\b|are there\b|is it\b|"
    rf"(?:do|does|is|are|would|could|wo|ca)n't {_WHO}\b|(?:does|did|would|could) (?:your|the|that|this|it|they)\b|"
    r"(?:walk|talk|take) (?:me|us) through|(?:tell|show|give) (?:me|us)|explain|describe"
    r")",
    re.IGNORECASE,
)  # fmt: skip


@lru_cache(maxsize=8_192)
def punctuated(text: str) -> str:
    """A text of which nothing was marked as sentences; any other comes back as it is.

    At most one question is made of a turn: in speech a second one mostly says the first again.
    """
    if _MARKED.search(text) is not None or len(text.split()) < _FEWEST_WORDS:
        return text
    plain = " ".join(_HESITATION.sub("", text).split())
    while (once := _TWICE.sub(r"\1", plain)) != plain:
        plain = once
    asked = _ASKS.search(plain)
    if asked is None:
        return f"{plain}."
    said = plain[: asked.start()].strip(" ,")
    question = f"{plain[asked.start() :]}?"
    return f"{said}. {question}" if said else question
