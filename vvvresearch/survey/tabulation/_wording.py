"""Words that a table needs and that no single table of words holds: a route said as questions and answers, a short percentage."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from vvvresearch.evidence import Item, Questionnaire, parse_route
from vvvresearch.locales import Lang, Written, text


def short_percent(value: float) -> Written:
    """A percentage with a decimal only where it needs one.

    Example:
        >>> short_percent(5).say("en"), short_percent(2.5).say("en")
        ('5%', '2.5%')
    """
    return Written(value, "percent", 0 if float(value).is_integer() else 1)


@dataclass(frozen=True)
class RouteWords:
    """A route in words: the questions and answers it waits for."""

    questionnaire: Questionnaire
    item: Item

    def say(self, lang: Lang) -> str:
        """The route in `lang`."""
        return _say(parse_route(self.item.route).tree, self.questionnaire, lang)


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
