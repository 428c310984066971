"""The markup of the interviews: text with its codings inside, and what the second coder did otherwise.

    {{code|passage}}                    a coded passage; passages may lie in each other
    {{code nej barn start|passage}}     contradicted; about a child (or `voksen`); at the start (or `senere`)
    [[code|passage|code]]               the same for passages that overlap without lying in each other

Before the line `---` stands what the second coder did otherwise; an interview without such lines was coded once:

    second: same
    second: drop code 1                 left out the first passage of the code
    second: swap code 1 -> other        gave it another code
    second: shorten code 1              ended it at half its length
    second: add code = "passage"        coded what the first coder did not
    memo: code 1 = "words"              what the first coder wrote beside the first passage of the code
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

FLAGS = {
    "nej": ("stance", "contradicted"),
    "barn": ("beneficiary", "child"),
    "voksen": ("beneficiary", "adult"),
    "start": ("phase", "start"),
    "senere": ("phase", "later"),
}
_TOKEN = re.compile(r"\{\{([a-z.]+)((?: [a-z]+)*)\||\}\}|\[\[([a-z.]+)((?: [a-z]+)*)\||\|([a-z.]+)\]\]")
_MEMO = re.compile(r'memo: ([a-z.]+) (\d+) = "(.+)"')
_ACTION = re.compile(r'(drop|shorten) ([a-z.]+) (\d+)|swap ([a-z.]+) (\d+) -> ([a-z.]+)|add ([a-z.]+)((?: [a-z]+)*) = "(.+)"|same')


@dataclass(frozen=True)
class Passage:
    """One coded passage: where, which code, and what is said of it."""

    code: str
    start: int
    end: int
    stance: str = "affirmed"
    beneficiary: str = ""
    phase: str = ""


@dataclass(frozen=True)
class Marked:
    """An interview without its markup, with the first coder's passages and, where there are any, the second's."""

    name: str
    text: str
    passages: tuple[Passage, ...]
    second: tuple[Passage, ...] | None = None
    disagreements: tuple[tuple[str, str, str], ...] = field(default=())
    memos: tuple[tuple[Passage, str], ...] = field(default=())


def parse(name: str, written: str) -> Marked:
    """An interview from its markup.

    Raises:
        ValueError: markup that does not close, or a deviation that fits nothing; the interview is named.
    """
    head, _, body = written.rpartition("---\n")
    text, passages = _body(name, body.strip() + "\n")
    lines = [line for line in head.splitlines() if line.strip()]
    memos = tuple(_memo(name, passages, line) for line in lines if line.startswith("memo:"))
    actions = [line.removeprefix("second:").strip() for line in lines if not line.startswith("memo:")]
    if not actions:
        return Marked(name, text, passages, memos=memos)
    second, disagreements = list(passages), []
    for action in actions:
        second, said = _deviate(name, text, passages, second, action)
        disagreements += said
    ordered = tuple(sorted(second, key=lambda passage: (passage.start, -passage.end, passage.code)))
    return Marked(name, text, passages, ordered, tuple(disagreements), memos)


def _memo(name: str, passages: tuple[Passage, ...], line: str) -> tuple[Passage, str]:
    match = _MEMO.fullmatch(line.strip())
    same = [passage for passage in passages if match is not None and passage.code == match[1]]
    if match is None or int(match[2]) > len(same):
        raise ValueError(f"{name}: the memo {line!r} stands beside no passage")
    return same[int(match[2]) - 1], match[3]


def _body(name: str, body: str) -> tuple[str, tuple[Passage, ...]]:
    pieces: list[str] = []
    length = last = 0
    open_nested: list[tuple[str, str, int]] = []
    open_named: dict[str, tuple[str, int]] = {}
    passages = []
    for token in _TOKEN.finditer(body):
        pieces.append(body[last : token.start()])
        length += len(pieces[-1])
        last = token.end()
        if token[1]:
            open_nested.append((token[1], token[2], length))
        elif token[3]:
            open_named[token[3]] = (token[4], length)
        elif token[5]:
            if token[5] not in open_named:
                raise ValueError(f"{name}: {token[5]} is closed and was not open")
            flags, start = open_named.pop(token[5])
            passages.append(_passage(name, token[5], flags, start, length))
        else:
            if not open_nested:
                raise ValueError(f"{name}: a passage is closed and none is open, before {body[last : last + 40]!r}")
            code, flags, start = open_nested.pop()
            passages.append(_passage(name, code, flags, start, length))
    pieces.append(body[last:])
    if open_nested or open_named:
        raise ValueError(f"{name}: not closed: {[code for code, _, _ in open_nested] + list(open_named)}")
    text = "".join(pieces)
    if "{{" in text or "}}" in text or "[[" in text or "]]" in text:
        raise ValueError(f"{name}: markup is left in the text")
    passages.sort(key=lambda passage: (passage.start, -passage.end, passage.code))
    return text, tuple(passages)


def _passage(name: str, code: str, flags: str, start: int, end: int) -> Passage:
    unknown = [flag for flag in flags.split() if flag not in FLAGS]
    if unknown or start == end:
        raise ValueError(f"{name}: {code}: {'unknown ' + unknown[0] if unknown else 'an empty passage'}")
    return Passage(code, start, end, **dict(FLAGS[flag] for flag in flags.split()))


def _deviate(
    name: str, text: str, first: tuple[Passage, ...], second: list[Passage], action: str
) -> tuple[list[Passage], list[tuple[str, str, str]]]:
    match = _ACTION.fullmatch(action)
    if match is None:
        raise ValueError(f"{name}: the deviation {action!r} cannot be read")
    if action == "same":
        return second, []
    if match[7]:
        if text.count(match[9]) != 1:
            raise ValueError(f"{name}: {match[9]!r} stands {text.count(match[9])} times in the text")
        start = text.index(match[9])
        return [*second, _passage(name, match[7], match[8], start, start + len(match[9]))], [("added", match[7], "")]
    code, number = (match[4], match[5]) if match[4] else (match[2], match[3])
    same = [passage for passage in first if passage.code == code]
    if int(number) > len(same):
        raise ValueError(f"{name}: there is no passage {number} of {code}")
    meant = same[int(number) - 1]
    rest = [passage for passage in second if passage != meant]
    if match[1] == "drop":
        return rest, [("dropped", code, "")]
    if match[4]:
        return [*rest, replace(meant, code=match[6])], [("swapped", code, match[6])]
    half = text.rindex(" ", meant.start, meant.start + (meant.end - meant.start) // 2)
    return [*rest, replace(meant, end=half)], [("shortened", code, "")]
