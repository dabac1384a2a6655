"""The words and markup by which candidates try to instruct whoever reads them, and where they stand in a message."""

from __future__ import annotations

import re

_ANY_CASE = re.IGNORECASE
MANIPULATION = re.compile(
    r"(?:\b(?:ignore|disregard|forget|override|bypass) (?:all |any |the |your |my |everything |of )*(?:previous|prior|above|earlier|preceding|your|system|these|those|former)?\s*(?:instructions?|prompts?|rules|guidelines|directives)\b|"
    r"^\s*(?:\[|<|#+\s*|\*\*)?\s*(?:system|assistant|developer|tool|interviewer|user)(?: (?:message|prompt|note|override|update))?\s*(?:\]|>|\*\*)?\s*:\s+(?!an? )|"
    r"</?(?:system|assistant|tool|user|instructions?|admin)\b[^>]*>|<\|[a-z_]+\|>|\[(?:system|assistant|developer|admin)\]|\[/?INST\]|<!--|<script|"
    r"\byou are (?:now|no longer) (?:a|an|the|my|in)\b|(?:^|[.!]\s+|\byou (?:should|must|will|are to|have to) |\bplease )(?:pretend to be|pretend (?:that )?you|act as (?:if you|a|an|the|my))\b|\bnew (?:instructions|persona)\b|\b(?:developer|debug|god|admin|maintenance|dan) mode\b|"
    r"\b(?:give|award|grant|assign|rate|mark|grade|score) (?:me|my answers?|this answer|the candidate|all (?:the )?criteria|every criterion|all steps)\b.{0,40}\b(?:\d+\s*/\s*\d+|full (?:marks|score|points)|perfect|maximum|max|strong[_ ]hire|a? ?hire|(?:[45]s?|100)(?![\d.,]*\d)(?!\s+(?!(?:in|out|on|for|overall|each|per ?cent|because|now|and|please|everywhere|across|stars?|points?|rating)\b)[a-z])|top (?:marks|score))|"
    r"[\"'](?:overall_?score|overall|verdict|rating|scorecard|score)[\"']\s*[:=]|\b(?:verdict|scorecard|overall_?score|rating)\s*[:=]\s*[\"']?(?:\d|strong_?hire|hire|met)|\b(?:reveal|print|repeat|show|output|leak) (?:me )?(?:your|the) (?:system |hidden |initial |full |secret )*(?:prompts?|instructions?)\b|"
    r"\bas (?:the|your) (?:system|administrator|developer|creator|owner),)",
    _ANY_CASE | re.MULTILINE | re.DOTALL,
)
FORGERY = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<tag>system|assistant|tool|user|instructions?|admin|script|style|template)\b[^>]*>.*?(?:</(?P=tag)>|\Z)|"
    r"<(?P<hidden>\w+)\b[^>]*(?:display\s*:\s*none|hidden|font-size\s*:\s*0|opacity\s*:\s*0)[^>]*>.*?(?:</(?P=hidden)>|\Z)|"
    r"^\[(?://|comment)\]:\s*(?:\#|<>).*?$|!\[[^\]]*\]\([^)]*\)|"
    r"```(?:system|tool\w*|assistant|admin)\b.*?(?:```|\Z)|\[INST\].*?(?:\[/INST\]|\Z)|<\|im_start\|>.*?(?:<\|im_end\|>|\Z)|"
    r"\{[^{}]*[\"'](?:role|tool_calls?|function_call|verdict|rating|scorecard|overall|(?:overall_?)?score)[\"']\s*:(?:[^{}]|\{[^{}]*\})*(?:\}|\Z)|"
    r"^\s*(?:\[|<|\#+\s*|\*\*|>+\s*)*(?:system|assistant|developer|tool|interviewer|grader)(?: (?:message|prompt|note|override|update|result|output))?\s*(?:\]|>|\*\*)*\s*:\s+(?!an? ).*?$",
    _ANY_CASE | re.MULTILINE | re.DOTALL,
)
"""Messages, markup and JSON that a candidate would not write to an interviewer, from their beginning to their end."""
# Beside another attempt; "Three layers. System: p99 and timeouts." is a design.
_IN_A_ROLE = re.compile(
    r"(?<=[.!?])\s+(?:system|assistant|developer|admin|interviewer|grader)(?: (?:message|prompt|note|override))?:\s[^\n]*",
    _ANY_CASE,
)
_IN_QUOTES = re.compile(
    r"\b(?:contain\w*|says?|said|saying|reads?|writes?|wr[io]t\w*|hides?|text|like)\s+(?:\w+ )?(?P<mark>[\"“])\s*$",
    _ANY_CASE,
)
_OF_DOCUMENTS = re.compile(
    r"\s+(?:(?:that (?:are|it finds|stand) )?(?:found|hidden|contained|written|embedded|placed)? ?)?(?:in|inside|within|from) "
    r"(?:the |any |all |those |retrieved |its )*(?:documents?|pages?|passages?|tickets?|contents?|files?|e?-?mails?|chunks?|sources?)\b",
    _ANY_CASE,
)
_TOLD = re.compile(r"\b(?:says?|said|saying|tells?|told|telling|instruct\w*|asks?)\b[^.!?\n]{0,40}\bto\s+$", _ANY_CASE)
_LONGEST_QUOTE = 40
_DO_SO = re.compile(r"\W{0,4}(?:(?:so|and|then|now)\W+)*(?:please|do|follow|obey|act|comply)\b", _ANY_CASE)
_DOCUMENT = re.compile(
    r"\b(?:documents?|pages?|passages?|tickets?|files?|e?-?mails?|chunks?|wikis?|queries|query|posts?|comments?|injections?)\b[^.!?\n]{0,60}$",
    _ANY_CASE,
)
_HIS_INSTRUCTIONS = re.compile(r"\b(?:your?|previous|prior|above|earlier|system)\b", _ANY_CASE)


def attacks(content: str) -> list[tuple[int, int]]:
    """Where a message tries to instruct whoever reads it: the place of each attempt, in order.

    Places may overlap; a forged message is one attempt from its first sign to its last.
    """
    found = [match.span() for match in MANIPULATION.finditer(content) if not _speaks_of_documents(match, content)]
    found += [match.span() for match in FORGERY.finditer(content)]
    if found:
        found += [match.span() for match in _IN_A_ROLE.finditer(content)]
    return sorted((start, end) for start, end in found if end > start)


def _speaks_of_documents(attempt: re.Match[str], content: str) -> bool:
    """Whether it is a design against injected instructions ("a prompt that says to ignore instructions in documents")."""
    opened = _IN_QUOTES.search(content[: attempt.start()])
    if opened is not None:
        closes = {"“": "”", '"': '"'}[opened["mark"]]
        end = content.find(closes, attempt.end(), attempt.end() + _LONGEST_QUOTE)
        follows = end >= 0 and _DO_SO.match(content, end + 1) is None
        return follows and _DOCUMENT.search(content[: attempt.start()]) is not None
    told = _TOLD.search(content[: attempt.start()]) is not None
    return (
        told
        and not _HIS_INSTRUCTIONS.search(attempt.group())
        and _OF_DOCUMENTS.match(content, attempt.end()) is not None
    )
