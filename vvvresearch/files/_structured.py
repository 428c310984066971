"""TOML, JSON, YAML and XML, without the parts of these formats that let data do harm."""

from __future__ import annotations

import datetime
import gc
import json
import math
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import SourceError
from vvvresearch.files._read import DEFAULT, Limits, read_text

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def read_toml(path: str | Path) -> dict[str, Any]:
    """A TOML file as a dict.

    Raises:
        SourceError: not TOML (duplicate keys included), with the line.
    """
    try:
        return tomllib.loads(read_text(path, limit=DEFAULT.config_bytes))
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        raise SourceError("this is not valid TOML", where=path, why=str(problem)) from None


def read_json(path: str | Path, *, limit: int = DEFAULT.text_bytes) -> Any:
    """A JSON file; duplicate keys, NaN and infinities are refused.

    Raises:
        SourceError: not JSON, with the line.
    """
    try:
        return json.loads(read_text(path, limit=limit), object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite)
    except (ValueError, RecursionError) as problem:
        raise SourceError("this is not valid JSON", where=path, why=str(problem)) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"the key {next(key for key in keys if keys.count(key) > 1)!r} stands twice")
    return result


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:40]} is too large for a number")
    return number


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number here")


def read_yaml(path: str | Path) -> Any:
    """A YAML file of plain data; tags, aliases and duplicate keys are refused.

    Aliases are refused whole, since a few nested ones can unfold to gigabytes.

    Raises:
        SourceError: not plain YAML, with line and column.
    """
    import yaml

    text = read_text(path, limit=DEFAULT.config_bytes)
    try:
        depth = 0
        for count, event in enumerate(yaml.parse(text, Loader=_safe_loader())):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                line = event.start_mark.line + 1 if event.start_mark else "?"
                raise SourceError("YAML anchors and aliases are not read", where=f"{path}, line {line}")
            if count > DEFAULT.nodes * 4:
                raise SourceError("the YAML file has too many entries", where=path)
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEFAULT.yaml_depth:
                raise SourceError(f"the YAML is nested deeper than {DEFAULT.yaml_depth} levels", where=path)
        return yaml.load(text, Loader=_plain_loader())
    except yaml.YAMLError as problem:
        raise SourceError("this is not plain YAML", where=path, why=" ".join(str(problem).split())) from None
    except (RecursionError, ValueError) as problem:
        raise SourceError("the YAML file cannot be read", where=path, why=str(problem)) from None


def _safe_loader() -> Any:
    """The parser in C, ten times as fast; the one in Python where it was not built."""
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def _plain_loader() -> Any:
    import yaml

    class PlainLoader(_safe_loader()):  # type: ignore[misc]
        """Safe YAML with unique keys; a date stays text and `no` stays the word."""

    def mapping(loader: Any, node: Any, deep: bool = True) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = loader.construct_object(key_node, deep=True)
            if not isinstance(key, str | int) or key in result:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} stands twice or is no text", key_node.start_mark)
            result[key] = loader.construct_object(value_node, deep=True)
        return result

    PlainLoader.add_constructor("tag:yaml.org,2002:map", mapping)
    # Copied resolvers without dates and without yes/no/on/off, which turn Danish answers into booleans.
    kept = {}
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items():
        dropped = {"tag:yaml.org,2002:timestamp"} | (set() if first in "tTfF" else {"tag:yaml.org,2002:bool"})
        kept[first] = [rule for rule in rules if rule[0] not in dropped]
    PlainLoader.yaml_implicit_resolvers = kept
    return PlainLoader


def parse_xml(data: bytes, where: object, *, limits: Limits = DEFAULT) -> Element:
    """The root element of an XML document; a document type, entities and deep nesting are refused.

    Raises:
        SourceError: not XML, with the line, or one of the refused parts.
    """
    from xml.etree.ElementTree import ParseError, XMLParser
    from xml.parsers import expat

    if data.count(b"<") > limits.xml_tags:
        raise SourceError(f"the XML has more than {limits.xml_tags:,} tags", where=where)
    try:
        # Every entity is declared in a document type, so a first pass without any gives the second nothing to unfold.
        # Encodings that the parser accepts are UTF-16 or hold ASCII as it is, so most files need no such pass.
        if b"\0" in data[:64] or b"<!DOCTYPE" in data:
            guard = expat.ParserCreate()
            guard.StartDoctypeDeclHandler = _refuse_doctype
            guard.Parse(data, True)
        parser = XMLParser()
        parser.feed(data)
        root: Element = parser.close()
    except _DoctypeError:
        raise SourceError("the XML has a document type or entities", where=where, why="refused: they can unfold without end") from None
    except (ParseError, expat.ExpatError, ValueError, LookupError, AssertionError) as problem:
        raise SourceError("this is not well-formed XML, or it is cut off", where=where, why=str(problem)) from None
    _check_depth(root, where, limits)
    return root


class _DoctypeError(Exception):
    """A document type was met."""


def _refuse_doctype(*_: object) -> None:
    raise _DoctypeError


def _check_depth(root: Element, where: object, limits: Limits) -> None:
    level = [root]
    for _ in range(limits.xml_depth):
        level = [child for element in level for child in element]
        if not level:
            return
    raise SourceError(f"the XML is nested deeper than {limits.xml_depth} levels", where=where)


@contextmanager
def collector_paused() -> Iterator[None]:
    """Without the collector of cycles while a large tree is read: a million elements hold no cycle, and it would walk them again and again.

    Example:
        >>> with collector_paused():
        ...     gc.isenabled()
        False
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def toml(value: Any) -> str:
    """A text, number, date, list or table on one line.

    Args:
        value: what TOML has; anything else is written as its text.

    Example:
        >>> toml({"da": "Ja", "top": ["a", 1.5, True]})
        '{ da = "Ja", top = ["a", 1.5, true] }'
    """
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(str(key))} = {toml(part)}" for key, part in value.items()) + " }" if value else "{}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return _text(str(value))


def _key(name: str) -> str:
    return name if name and all(sign.isascii() and (sign.isalnum() or sign in "_-") for sign in name) else _text(name)


def _text(value: str) -> str:
    # JSON's texts are TOML's, but for DEL, which TOML wants escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
