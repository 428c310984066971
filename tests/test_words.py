"""The words readers see: each in both languages with the same placeholders, none missing, none left over."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from english_words import english_words

from vvvresearch.locales import has_danish, in_danish

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "vvvresearch"
TABLES = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in (PACKAGE / "locales" / "tables").glob("*.toml")}
# A key may be a value that data hold: a respondent group, a state of a pair, a rule of cleaning.
DATA = [path for room in ("demo", "rounds", "interviews", "surveys", "notebooks") for path in (ROOT / room).rglob("*")]


def placeholders(words: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", words))


@cache
def trees() -> tuple[tuple[str, ast.Module], ...]:
    paths = [*sorted(PACKAGE.rglob("*.py")), *sorted((ROOT / "demo").glob("*.py"))]
    return tuple((str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))) for path in paths)


@cache
def nodes() -> tuple[ast.AST, ...]:
    return tuple(node for _, tree in trees() for node in ast.walk(tree))


def asked_for() -> Iterator[tuple[str, str]]:
    """Every key that code asks for in one piece, with its file."""
    for file, tree in trees():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            key = node.args[0].value
            if name in ("Phrase", "text") and isinstance(key, str) and re.fullmatch(r"\w+\.\w+", key):
                yield file, key


@cache
def said_by_name() -> frozenset[str]:
    """What code and data name: whole strings, and the words in them."""
    strings = {node.value for node in nodes() if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    strings |= {node.arg for node in nodes() if isinstance(node, ast.keyword) and node.arg}
    strings |= {node.target.id for node in nodes() if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)}
    strings |= {one.replace(" ", "_") for one in strings}
    words = {word for one in strings for word in re.split(r"[^\w-]+", one)}
    for path in DATA:
        if path.suffix in (".csv", ".toml", ".yaml", ".ipynb"):
            words |= set(re.findall(r"[\w-]+", path.read_text(encoding="utf-8")))
    return frozenset(strings | words)


def shape_of(parts: list[ast.expr]) -> str:
    return "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else "(.+)" for part in parts)


@cache
def patterns() -> dict[str, frozenset[str]]:
    """Keys that code puts together, as patterns by table: `goals.column_{name}`; under "" the parts that are put together alone."""
    found: dict[str, set[str]] = {"": set()}
    for node in nodes():
        if isinstance(node, ast.JoinedStr):
            table, dot, start = str(getattr(node.values[0], "value", "")).partition(".") if node.values else ("", "", "")
            if dot and table in TABLES:
                found.setdefault(table, set()).add(re.escape(start) + shape_of(node.values[1:]))
            elif re.fullmatch(r"(\(\.\+\)|\w)+", shape := shape_of(node.values)) and "_" in shape:
                found[""].add(shape)
        if isinstance(node, ast.keyword) and node.arg in ("words", "table") and isinstance(node.value, ast.Constant):
            found.setdefault(str(node.value.value), set()).add("(.+)")
    return {table: frozenset(shapes) for table, shapes in found.items()}


def put_together(name: str, table: str = "") -> bool:
    matches = [re.fullmatch(shape, name) for shape in patterns().get(table, ())]
    return any(match and all(is_named(part) for part in match.groups()) for match in matches)


def is_named(name: str) -> bool:
    return name in said_by_name() or put_together(name)


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_key_has_danish_and_english_words_with_the_same_placeholders(table: str) -> None:
    for name, words in TABLES[table].items():
        assert set(words) == {"da", "en"}, f"{table}.{name}"
        assert words["da"].strip(), f"{table}.{name}"
        assert words["en"].strip(), f"{table}.{name}"
        if f"{table}.{name}" != "reporting.said":  # the one that picks a language's own words
            assert placeholders(words["da"]) == placeholders(words["en"]), f"{table}.{name}"


def test_every_key_that_code_asks_for_has_words() -> None:
    missing = [(file, key) for file, key in asked_for() if key.split(".")[1] not in TABLES.get(key.split(".")[0], {})]
    assert not missing


@pytest.mark.parametrize("table", sorted(TABLES))
def test_no_words_are_left_over(table: str) -> None:
    assert not [name for name in TABLES[table] if f"{table}.{name}" not in said_by_name() and not put_together(name, table)]


# Calls that make messages, those of their arguments that are words, and what only a programmer sees.
MAKES = re.compile(r"(?:Error|Failure|Verdict|Fault|Notice)$")
SAID = ("what", "why", "todo", "problem", None)
PYTHON = re.compile(r"module '\w+(?:\.\w+)*' has no attribute")
# A message of which a part is one of three, each with Danish of its own; and a line of Python.
ELSEWHERE = frozenset(("there is no 'xq' 'xq'", 'table.rename_axis(index="region", columns="sex")'))


def said(node: ast.expr, known: dict[str, list[str]]) -> list[str]:
    """Every text that an expression can be, with a stand-in where a value goes."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, ast.JoinedStr):
        found = [""]
        for part in node.values:
            inner = said(part.value, {}) if isinstance(part, ast.FormattedValue) and isinstance(part.value, ast.IfExp) else []
            pieces = [str(part.value)] if isinstance(part, ast.Constant) else inner or [stand_in(ast.unparse(part))]
            found = [before + piece for before in found for piece in pieces]
        return [re.sub(r"^'xq': ", "xq: ", one) for one in found]
    if isinstance(node, ast.IfExp):
        return [*said(node.body, known), *said(node.orelse, known)]
    return known.get(node.id, []) if isinstance(node, ast.Name) else []


def stand_in(value: str) -> str:
    if re.search(r"did_you_mean|nearest", value):
        return "did you mean X?"
    return "7" if re.search(r"len\(|count|row|line|number|sum\(", value) else "'xq'"


def messages() -> Iterator[tuple[str, str]]:
    """Every message of the package that is written in one piece, with its file."""
    for file, tree in trees():
        calls, known = [], dict[str, list[str]]()
        for node in ast.walk(tree) if file.startswith("vvvresearch") else ():
            if (
                isinstance(node, ast.Assign)
                and isinstance(node.targets[0], ast.Name)
                and isinstance(node.value, (ast.JoinedStr, ast.Constant))
            ):
                known.setdefault(node.targets[0].id, []).extend(said(node.value, {}))
            elif isinstance(node, ast.Call):
                calls.append(node)
        for call in calls:
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if MAKES.search(name):
                given = [*((None, one) for one in call.args), *((one.arg, one.value) for one in call.keywords)]
                yield from ((file, words) for name, value in given if name in SAID for words in said(value, known))


def test_every_message_that_can_be_printed_has_danish_words() -> None:
    lacking = []
    for file, words in dict.fromkeys(messages()):
        if (
            len(re.findall(r"[a-z]{2,}", words.replace("xq", ""))) > 1
            and " " in words
            and not PYTHON.match(words)
            and words not in ELSEWHERE
        ):
            danish = in_danish(words)
            if (danish == words and not has_danish(words)) or english_words(danish):
                lacking.append(f"{file}: {words}")
    assert not lacking, "give it Danish in vvvresearch/locales/messages/<room>.toml:\n" + "\n".join(lacking)


def test_every_complaint_about_a_report_s_markdown_has_danish_words() -> None:
    from vvvresearch.reporting.embedded._pandoc import _SAID

    said = [words.format("7") for pair in _SAID.values() for words in pair if words]
    assert [words for words in said if in_danish(words) == words] == []
