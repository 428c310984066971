"""What mentions of one sentence say of each other: earlier and later, the sign that two numbers share, the years and the group."""

from __future__ import annotations

from collections.abc import Sequence

from vvvresearch.locales import Lang
from vvvresearch.statements._mention import Mention
from vvvresearch.statements._noun_phrases import group_of
from vvvresearch.statements._text import Token

_FROM: dict[Lang, str] = {"da": "fra", "en": "from"}
_TO: dict[Lang, str] = {"da": "til", "en": "to"}
_BY: dict[Lang, str] = {"da": "med", "en": "by"}


def _with_roles(made: list[Mention], words: Sequence[str], sentence: Sequence[Token], lang: Lang) -> list[Mention]:
    """ "fra to tredjedele til en tredjedel": which of two fraction words is the earlier one."""
    before = {sentence[at].start: words[at - 1] for at in range(1, len(sentence))}
    opened = False
    found = []
    for one in made:
        if one.kind == "share" and not one.role and before.get(one.start) == _FROM[lang]:
            one = one.changed(role="from")
        elif one.kind == "share" and opened and before.get(one.start) == _TO[lang]:
            one = one.changed(role="to")
        elif one.kind == "share" and before.get(one.start) == _BY[lang]:
            one = one.changed(role="by")
        opened = opened or one.role == "from"
        found.append(one)
    return found


_OR: dict[Lang, str] = {"da": "eller", "en": "or"}


def _or_a_little(made: list[Mention], words: Sequence[str], sentence: Sequence[Token], lang: Lang) -> list[Mention]:
    """ "fire ud af ti af de 200, eller lidt færre": more or less than the number before it, and no comparison."""
    before = {sentence[at].start: words[max(at - 2, 0) : at] for at in range(1, len(sentence))}
    found: list[Mention] = []
    for one in made:
        numbers = ("share", "ratio", "percentage", "count", "duration")
        at = next((place for place in range(len(found) - 1, -1, -1) if found[place].kind in numbers), None)
        several = one.kind == "vague" and one.text.lower() == "flere"
        compared = one.kind == "comparison" and one.word is not None
        if (compared or several) and at is not None and _OR[lang] in before.get(one.start, ()):
            more = several or (one.word is not None and one.word.sign > 0)
            # "three bags a month or fewer" ends a number; "four in ten, or a little fewer" tells it about.
            ends = ("or_more", "or_less") if found[at].kind in ("count", "duration") else ("just_over", "just_under")
            found[at] = found[at].changed(modifier=ends[0] if more else ends[1])
        else:
            found.append(one)
    return found


_AGAINST: dict[Lang, frozenset[str]] = {"da": frozenset({"mod", "imod"}), "en": frozenset({"against", "versus", "vs", "vs."})}


def _both_percent(made: list[Mention], words: Sequence[str], sentence: Sequence[Token], lang: Lang) -> list[Mention]:
    """ "fra 50 til 25 procent", "48 mod 25 pct.", "59 pct. mod de ønskede 55": the sign at one number belongs to both."""
    starts = [token.start for token in sentence]

    def paired(one: Mention, other: Mention) -> bool:
        first, last = sorted((one, other), key=lambda mention: mention.start)
        between = [word for at, word in zip(starts, words, strict=True) if first.end <= at < last.start]
        told = first.role == "from" and last.role == "to"
        return told or (between[:1] != [] and between[0] in _AGAINST[lang] and len(between) <= 3)

    found = []
    for place, one in enumerate(made):
        beside = [other for other in (*made[max(place - 1, 0) : place], *made[place + 1 : place + 2]) if other.kind == "percentage"]
        both = one.kind == "count" and any(paired(one, other) for other in beside)
        found.append(one.changed(kind="percentage", unit="") if both else one)
    return found


def in_context(made: list[Mention], words: Sequence[str], sentence: Sequence[Token], lang: Lang) -> list[Mention]:
    """Years and group of the sentence, given to each of its mentions."""
    made = _or_a_little(_with_roles(_both_percent(made, words, sentence, lang), words, sentence, lang), words, sentence, lang)
    years = tuple(int(one.value) for one in made if one.kind == "year" and one.value is not None)
    group = group_of(sentence, lang)
    kinds = {one.kind for one in made}
    # "nået" says something of a target only where one is named.
    made = [one for one in made if one.word is None or not one.word.beside or one.word.beside in kinds]
    return [one.changed(times=years, group=group) for one in made]
