"""Sources are written into a definition beside what people wrote there: comments, order and other tables stay as they are."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.errors import RoundError
from vvvresearch.rounds._definition_text import with_fields, with_source

WRITTEN = """\
id = "a"  # mine

[[sources]]
id = "one"
path = "x.csv"  # from the ministry
# a thought

[sources.meaning.stance.code]
Uenig = "contradicted"

# Goals begin here.
[[goals]]
id = 1
"""


def test_a_new_source_stands_behind_the_last_one_and_before_the_comment_of_the_next_table() -> None:
    made = with_source(WRITTEN, {"id": '"two"', "type": '"courses"'}, "round.toml")
    assert made.replace('[[sources]]\nid = "two"\ntype = "courses"\n\n', "") == WRITTEN
    assert made.index('id = "two"') < made.index("# Goals begin here.")
    assert [source["id"] for source in tomllib.loads(made)["sources"]] == ["one", "two"]


def test_what_looks_like_a_source_in_a_text_is_left_alone() -> None:
    content = 'note = """\n[[sources]]\nnone\n"""\n' + WRITTEN
    made = with_source(content, {"id": '"two"'}, "round.toml")
    assert (tomllib.loads(made)["note"], len(tomllib.loads(made)["sources"])) == ("[[sources]]\nnone\n", 2)


def test_a_field_is_changed_in_its_line_and_a_new_one_joins_it() -> None:
    made = with_fields(WRITTEN, "one", {"path": '"y.csv"', "map": '"y.map.toml"'}, "round.toml")
    assert 'path = "y.csv"  # from the ministry\nmap = "y.map.toml"\n# a thought' in made
    assert made.count("[[sources]]") == WRITTEN.count("[[sources]]")


@pytest.mark.parametrize("content", ["sources = []\n", 'sources = [{ id = "one", path = "a" }]\n'])
def test_sources_on_one_line_are_refused_with_what_to_write(content: str) -> None:
    with pytest.raises(RoundError, match="cannot be written") as problem:
        with_source(content, {"id": '"two"'}, "round.toml")
    assert "[[sources]]" in problem.value.todo


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["# note", "", "[[goals]]\nid = 1", "[period]\nstart = 2023-01-01", '[[sources]]\nid = "s"']), max_size=6))
def test_whatever_stands_in_a_definition_stays_and_the_source_is_there(parts: list[str]) -> None:
    # A table may stand once.
    content = "\n".join(part for place, part in enumerate(parts) if not part.startswith("[period]") or part not in parts[:place])
    old = tomllib.loads(content)
    made = tomllib.loads(with_source(content, {"id": '"new"'}, ""))
    assert made.pop("sources") == [*old.pop("sources", []), {"id": "new"}]
    assert made == old
