"""The questionnaire's own words as phrases: said in the reader's language when a table is shown."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from vvvresearch.evidence import Item, Questionnaire, Words, parse_route
from vvvresearch.locales import Lang, Phrase, text


class Spoken(Phrase):
    """Words of the questionnaire as a phrase."""

    def __init__(self, words: Words) -> None:
        super().__init__("tabulation.words", {"words": words})

    def say(self, lang: Lang) -> str:
        """The words in `lang`."""
        words: Words = self.values["words"]
        return words.say(lang)


class Listed(Phrase):
    """Several phrases or texts with a mark between them."""

    def __init__(self, parts: Iterable[Phrase | str], mark: str = ", ") -> None:
        super().__init__("tabulation.listed", {"parts": tuple(parts), "mark": mark})

    def say(self, lang: Lang) -> str:
        """The parts in `lang`."""
        said = [part if isinstance(part, str) else part.say(lang) for part in self.values["parts"]]
        return str(self.values["mark"]).join(said)


class RouteWords(Phrase):
    """A route in words: the questions and answers it waits for."""

    def __init__(self, questionnaire: Questionnaire, item: Item) -> None:
        super().__init__("tabulation.route", {"questionnaire": questionnaire, "item": item})

    def say(self, lang: Lang) -> str:
        """The route in `lang`."""
        return _say(parse_route(self.values["item"].route).tree, self.values["questionnaire"], lang)


def _say(node: ast.expr, questionnaire: Questionnaire, lang: Lang) -> str:
    if isinstance(node, ast.BoolOp):
        joint = text("tabulation.route_and" if isinstance(node.op, ast.And) else "tabulation.route_or", lang)
        parts = [(_say(part, questionnaire, lang), isinstance(part, ast.BoolOp)) for part in node.values]
        return f" {joint} ".join(f"({words})" if nested else words for words, nested in parts)
    if isinstance(node, ast.UnaryOp):
        return text("tabulation.route_not", lang, part=_say(node.operand, questionnaire, lang))
    assert isinstance(node, ast.Compare)
    assert isinstance(node.left, ast.Name)
    item = questionnaire.item(node.left.id)
    waited = {code for _, code in parse_route(ast.unparse(node)).answers}
    labels = [f"»{option.label.say(lang)}«" for option in questionnaire.options(item) if option.code in waited]
    key = "tabulation.route_is" if isinstance(node.ops[0], ast.Eq | ast.In) else "tabulation.route_is_not"
    either = f" {text('tabulation.route_or', lang)} "
    return text(key, lang, item=item.text.say(lang), labels=either.join(labels))
