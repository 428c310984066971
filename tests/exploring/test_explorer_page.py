"""The explorer's page in a real browser, and its kernel against whatever a page may ask."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from explored import SCRIPT, SECRET, written_round

import vvvresearch as vvv
from vvvresearch.errors import NotebookError
from vvvresearch.exploring.explorer import Explorer, _numbers
from vvvresearch.exploring.explorer._page import bytes_of, fitting, segments
from vvvresearch.exploring.explorer._widget import page_script, page_style
from vvvresearch.results import Base, Measure, Result
from vvvresearch.rounds import Round

MOST = 100_000
# A model as JupyterLab gives it, which asks the real kernel's side; two views share it.
MOUNT = """async ([script, style]) => {
  const sheet = document.createElement("style");
  sheet.textContent = style;
  document.head.append(sheet);
  document.addEventListener("keydown", (event) => (window.reached = (window.reached || "") + event.key));
  const widget = (await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })))).default;
  const heard = new Set();
  const model = {
    send: async (message) => {
      window.sent = (window.sent || 0) + 1;
      const answer = await window.kernel(JSON.stringify(message));
      heard.forEach((one) => one(JSON.parse(answer)));
    },
    on: (name, one) => heard.add(one),
    off: (name, one) => heard.delete(one),
  };
  window.leave = ["one", "two"].map((name) => widget.render({ model, el: document.getElementById(name) }));
  window.heard = heard;
}"""


@contextmanager
def mounted(kernel: Explorer) -> Iterator[Any]:
    """The page of two views of one explorer in a browser; what its console, an error or a request outside says fails the test."""
    from playwright.sync_api import sync_playwright

    told: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1300, "height": 900})
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("request", lambda request: told.append(request.url) if not request.url.startswith(("blob:", "about:")) else None)
        page.expose_function("kernel", lambda message: json.dumps(kernel.answer(json.loads(message))))
        page.set_content("<div id=one></div><div id=two></div>")
        page.evaluate(MOUNT, [page_script(), page_style()])
        yield page
        browser.close()
    assert told == []


@pytest.fixture(scope="module")
def mini(tmp_path_factory: pytest.TempPathFactory) -> Round:
    return written_round(tmp_path_factory.mktemp("explorer"))


@pytest.mark.browser
def test_two_clicks_lead_to_a_quote_in_its_transcript_and_no_key_reaches_the_notebook(mini: Round) -> None:
    with mounted(Explorer(mini, lang="en")) as page:
        one, other = page.locator("#one"), page.locator("#two")
        one.locator(".matrix").wait_for()
        other.locator(".matrix").wait_for()
        asked = page.evaluate("window.sent")

        one.locator("[data-k='m:1:refugee']").click()
        one.locator(".card").first.wait_for()
        assert "drak kaffe på bænken" in one.locator(".card").first.inner_text()
        assert "no code here" not in one.locator(".card").first.inner_text()
        one.locator(".quote").first.click()
        one.locator(".transcript .focus").first.wait_for()
        assert page.evaluate("window.sent") == asked + 2, "one message a state"
        assert other.locator(".card").count() == 0, "the second view stays where it was"

        one.locator(".top").click()
        for key in ("Escape", "2", "b", "j", "x", "Shift+Enter", "d", "d"):
            page.keyboard.press(key)
        assert page.evaluate("window.reached || ''") == ""

        # The list of keys lies over what is beside it: it goes as soon as something else is done, and never swallows a click.
        one.locator("[data-k='b:help']").click()
        one.locator("dialog.help p").first.click()
        assert one.locator("dialog.help").count() == 1
        one.locator("[data-k='h:close']").click()
        one.locator("[data-k='b:help']").click()
        one.locator("[data-k='i:search']").fill("kaffe")
        assert one.locator("dialog.help").count() == 0
        page.keyboard.press("Enter")
        one.locator(".right mark").first.wait_for()
        assert "Not searched: 1 not to be quoted and 1 without text." in one.locator(".right").inner_text()
        one.locator("[data-k='f:respondent_group:volunteer']").click()
        one.locator(".chip").wait_for()
        one.locator("[data-k='v:matrix']").click()
        one.locator("[data-k='m:0:total']").click()
        one.locator(".card", has_text="onerror").first.wait_for()
        assert SCRIPT in one.locator(".quote").first.inner_text()
        assert one.locator("img, script").count() == 0

        one.locator(".chip").click()
        one.locator(".top").click()
        page.keyboard.press("3")
        one.locator(".together").wait_for()
        page.keyboard.press("ArrowDown")
        one.locator("[data-k='q:2:1']").focus()
        page.keyboard.press("Enter")
        one.locator(".bar", has_text="1 Ro > Kaffe + Dansk").wait_for()
        assert one.locator(".card").count() == 2
        page.keyboard.press("4")
        one.locator("svg.circle .node").first.wait_for()
        one.locator(".lines .cell").first.click()
        one.locator(".bar", has_text="Ro + Ro > Kaffe").wait_for()
        assert page.evaluate("window.reached || ''") == ""

        for width in (850, 390):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
        page.evaluate("window.leave.forEach((one) => one())")
        assert page.evaluate("window.heard.size") == 0
        assert page.title() == ""


@pytest.mark.browser
def test_a_decision_is_proposed_agreed_to_and_undone_by_keyboard_and_no_key_reaches_the_notebook(tmp_path: Path) -> None:
    opened = written_round(tmp_path)
    with mounted(Explorer(opened, lang="da")) as page:
        one = page.locator("#one")
        one.locator("[data-k='m:0:refugee']").click()
        one.locator(".decide").first.focus()
        page.keyboard.press("Enter")
        one.locator(".deciding").wait_for()
        assert "Denne kodning af" in one.locator(".deciding").inner_text()
        one.locator(".top").click()
        page.keyboard.press("Escape")
        page.keyboard.press("d")
        one.locator("[data-k='d:code']").wait_for()
        one.locator("[data-k='d:kind']").select_option("merge")
        one.locator("[data-k='d:code']").select_option("Ro > Kaffe")
        one.locator("[data-k='d:into']").select_option("Ro")
        one.locator("[data-k='d:propose']").focus()
        page.keyboard.press("Enter")
        one.locator(".deciding .told", has_text="en beslutning siger hvem og hvorfor").wait_for()
        for name, words in (("why", f"dd{SCRIPT}"), ("by", "Anna")):
            one.locator(f"[data-k='d:{name}']").focus()
            page.keyboard.type(words)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        one.locator("[data-decision]", has_text="Kaffe").wait_for()
        assert f"dd{SCRIPT}" in one.locator("[data-decision]").inner_text()
        assert "kodninger 2 → 0" in one.locator("[data-decision]").inner_text()
        one.locator("[data-k^='d:agree']").click()
        one.locator(".deciding .told", has_text="den alene").wait_for()
        one.locator("[data-k='d:by']").fill("Bo")
        one.locator("[data-k^='d:agree']").click()
        one.locator("[data-decision]", has_text="besluttet").wait_for()
        assert [held.kind for held in opened.decisions.holding()] == ["merge"]
        one.locator("[data-k^='d:undo']").click()
        one.locator("[data-decision]", has_text="fortrudt").wait_for()
        assert opened.decisions.holding() == ()
        assert page.evaluate("window.reached || ''") == ""
        assert one.locator("img, script").count() == 0


def test_what_a_page_may_ask_of_decisions_is_answered_in_a_sentence(tmp_path: Path) -> None:
    opened = written_round(tmp_path)
    kernel = Explorer(opened, lang="en")
    wrong: list[dict[str, Any]] = [{"kind": "burn"}, {"kind": "recode", "code": "Ro", "into": "Intet", "by": "a", "why": "b"}]
    wrong += [{"kind": "stance", "passage": 9999, "by": "a"}, {"kind": "memo", "passage": 0, "memo": " ", "by": "a"}]
    for one in wrong:
        answer = kernel.ask({"op": "propose", **one})
        assert answer.get("problem") or answer.get("told"), one
    assert "no review" in kernel.ask({"op": "review", "what": "burn"})["problem"]
    assert "no decision" in kernel.ask({"op": "review", "what": "agree", "id": "d1", "by": "a"})["problem"]
    assert not opened.decisions.path.exists(), "what does not fit is not written"
    assert not kernel.ask({"op": "propose", "kind": "memo", "passage": 0, "memo": "set", "by": "a"})["problem"]
    (made,) = opened.decisions.list().frame.to_dict("records")
    assert (made["kind"], made["codings"]) == ("memo", 1)
    told = opened.decisions.apply(proposed=True).frame
    index = kernel.index
    where = (told["start"] == index.start[0]) & (told["coder"] == index.coder_names[0]) & (told["code_path"] == index.paths[index.code[0]])
    assert told.loc[where & (told["source"] == index.sources[index.interview[0]]), "memo"].str.endswith("set").tolist() == [True]


@pytest.mark.browser
def test_a_page_without_a_kernel_says_so_in_both_languages() -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content("<div id=one></div><div id=two></div>")
        page.evaluate("() => { window.kernel = () => new Promise(() => {}); }")
        page.evaluate(MOUNT, [page_script().replace("PATIENCE = 6000", "PATIENCE = 1"), page_style()])
        page.locator("#one [role=status]").wait_for()
        said = page.inner_text("#one")
        assert "Kør cellen igen" in said
        assert "Run the cell again" in said
        browser.close()


def every_question(kernel: Explorer) -> list[dict[str, Any]]:
    asked: list[dict[str, Any]] = [{"op": op} for op in ("open", "facets", "matrix", "agreement", "disagreements", "codes")]
    for code in kernel.index.paths:
        asked += [{"op": "cell", "code": code, "value": "total", "measure": name} for name in ("affirmed", "contradicted", "asked", "both")]
    asked += [{"op": "transcript", "interview": name, "q": "kaffe"} for name in kernel.index.register["interview"]]
    asked += [{"op": "search", "q": query} for query in ("kaffe", SECRET, "er")]
    return asked + [{"op": "table", "id": name} for name in kernel.calls]


def test_no_answer_holds_a_word_of_whoever_is_not_to_be_quoted(mini: Round) -> None:
    kernel = Explorer(mini)
    answers = [kernel.ask(one) for one in every_question(kernel)]
    answers.append(kernel.ask({"op": "evidence", "address": "themes.ro.refugee.affirmed"}))
    assert not [one for one in answers if SECRET in json.dumps(one, ensure_ascii=False) and one.get("q") != SECRET]
    refused = [card for one in answers for card in one.get("cards", []) if card["interview"] == "i3" and not card.get("silent")]
    assert refused
    assert all(card["length"] and "body" not in card and "words" not in card for card in refused)


@pytest.mark.parametrize(
    ("interview", "sentence"),
    [
        ("i3", "Interviewet i3 må ikke citeres; teksten vises ikke."),
        ("i4", "Teksten til interviewet i4 ligger ikke her."),
        ("i5", "Interviewet i5 har ingen transskription."),
        ("i9", "der er intet interview 'i9'"),
    ],
)
def test_a_refused_or_missing_transcript_is_a_sentence(mini: Round, interview: str, sentence: str) -> None:
    assert Explorer(mini).ask({"op": "transcript", "interview": interview})["told"].startswith(sentence)


@pytest.mark.parametrize(
    "question",
    [
        {"op": "nothing"},
        {"op": "cell", "code": "Roo"},
        {"op": "cell", "code": "Ro", "value": "mayor"},
        {"op": "cell", "code": "Ro", "measure": "loved"},
        {"op": "cell", "code": "Ro", "first": "x"},
        {"op": "cell", "code": ["Ro"]},
        {"op": "matrix", "by": "shoe_size"},
        {"op": "matrix", "under": "Nowhere"},
        {"op": "facets", "filters": {"coder": ["nobody"]}},
        {"op": "facets", "filters": {"touches": ["Nowhere"]}},
        {"op": "table", "id": "rm -rf"},
        {"op": "evidence", "address": "themes.ro.refugee.afirmed"},
        {"op": "evidence", "address": "nothing.at.all"},
        "open",
        None,
    ],
)
def test_what_cannot_be_answered_is_a_sentence_and_never_a_traceback(mini: Round, question: Any) -> None:
    told = Explorer(mini).ask(question)["told"]
    assert told.endswith((".", "?"))
    assert "Traceback" not in told


def test_a_filter_that_leaves_nobody_leaves_a_page_without_numbers(mini: Round) -> None:
    kernel = Explorer(mini)
    filters = {"respondent_group": ["refugee"], "sex": ["male"]}
    answers = kernel.answer(
        {"id": "a:1", "ask": [{"op": name, "filters": filters} for name in ("facets", "matrix", "agreement", "search")]}
    )
    assert answers["id"] == "a:1"
    assert [one.get("interviews", 0) for one in answers["answers"]] == [0, 0, 0, 0]
    assert not eval(answers["answers"][1]["code"], {"r": mini})


def test_every_answer_is_at_most_a_hundred_kilobytes(tmp_path: Path) -> None:
    kernel = Explorer(written_round(tmp_path, turns=3_000))
    for question in every_question(kernel):
        assert bytes_of(kernel.ask(question)) <= MOST, question
    transcript = kernel.ask({"op": "transcript", "interview": "i1"})
    assert 0 < len(transcript["turns"]) < transcript["of"]
    follow = kernel.ask({"op": "transcript", "interview": "i1", "turn": len(transcript["turns"])})
    assert follow["turns"][0]["n"] == transcript["turns"][-1]["n"] + 1
    rows = pd.DataFrame({"id": range(10_000), "n": 7, "text": "x" * 500})
    long = Result(frame=rows, base=Base(10_000), at="long", keys=("id",), measures=(Measure("n"),))
    table = _numbers.table(long, "r.long()", "long", {"first": 9_950}, "en")
    assert (table["amount"], len(table["lines"])) == (10_000, 50)
    behind = _numbers.behind(long.evidence(), "r.long().evidence()", {}, "en")
    assert behind["amount"] == 10_000
    assert bytes_of(behind) <= MOST


def test_texts_are_cut_where_marks_begin_and_end_and_nothing_is_lost() -> None:
    text = "𝄞 en god ven"
    pieces = segments(text, 0, len(text), [(2, 8, 1), (5, 12, 2)])
    assert "".join(piece["t"] for piece in pieces) == text
    assert [(piece["t"], piece.get("on", [])) for piece in pieces] == [("𝄞 ", []), ("en ", [1]), ("god", [1, 2]), (" ven", [2])]
    assert fitting(["a" * 50] * 5, 120) == ["a" * 50] * 2


def test_a_round_without_interviews_opens_at_its_tables() -> None:
    start = Explorer(vvv.open_round("2021-note")).ask({"op": "open"})
    assert not start["has_interviews"]
    assert any(one["id"].startswith("tabulate/municipal-2021/") for one in start["tables"])


def test_the_widget_answers_through_its_kernel_and_its_repr_is_small(mini: Round) -> None:
    widget = mini.filter(group="refugee").explore("themes.ro.refugee.affirmed")
    assert repr(widget) == "explore(mini)"
    start = widget.explorer.ask({"op": "open"})
    assert start["filters"] == {"respondent_group": ["refugee"]}
    assert start["start"]["cell"]["code"] == "Ro"
    sent: list[Any] = []
    widget.send = sent.append
    widget._handle_custom_msg({"id": "v:1", "ask": [{"op": "facets"}]}, [])
    assert (sent[0]["id"], sent[0]["answers"][0]["interviews"]) == ("v:1", 5)
    assert repr(vvv.explore("mini", root=mini.root)) == "explore(mini)"
    widget.close()


def test_without_jupyterlab_the_line_that_installs_it_is_named(mini: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from vvvresearch.exploring.explorer import _widget

    _widget._widget_class.cache_clear()
    monkeypatch.setitem(sys.modules, "anywidget", None)
    with pytest.raises(NotebookError, match="not installed") as caught:
        mini.explore()
    assert caught.value.todo == 'pip install "vvvresearch[lab]"'
