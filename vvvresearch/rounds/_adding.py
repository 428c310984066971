"""A file on its way into a round, in a notebook: what it was taken for, its questions with their choices, and one button."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import VvvError
from vvvresearch.intake import Proposal, Question, refined, settle
from vvvresearch.locales import Lang, error_in_danish, text
from vvvresearch.rounds._add import Added, add_source
from vvvresearch.rounds._propose_source import propose_source

if TYPE_CHECKING:
    import pandas as pd

_ONE_ANSWER = ("order.", "labels.")
_NOT_SHOWN = ("kind", "name.", "scale.", "missing.", "sheet")


class Adding:
    """A file that may become a source of a round; nothing is written before `confirm`.

    In JupyterLab it shows itself as a form: a list for each question, and a button. Without widgets it shows the same as tables, and
    `answer` and `confirm` do what the form does.

    Example:
        >>> import vvvresearch as vvv
        >>> adding = vvv.open_round("demo").add("surveys/2021-note/courses.csv")
        >>> adding.proposal.kind, list(adding.left)
        ('courses', [])
    """

    def __init__(self, root: Path, round_id: str, path: str | Path, *, kind: str = "", lang: Lang = "da") -> None:
        self.root, self.round_id, self.path, self.lang = root, round_id, Path(path), lang
        self.answers: dict[str, Any] = {}
        self.added: Added | None = None
        self.proposal: Proposal = propose_source(root, round_id, path, kind=kind, lang=lang)

    @property
    def left(self) -> dict[str, str]:
        """What has no answer yet: the id of the answer, and the question."""
        return {
            target: f"{question.question} {item}".strip()
            for question in self.proposal.questions
            for target, item in _targets(question)
            if target not in self.answers and question.id not in self.answers
        }

    @property
    def questions(self) -> pd.DataFrame:
        """One row a thing to decide: id, question, item, choices, proposal, answer."""
        import pandas as pd

        rows = [
            (
                target,
                question.question,
                item,
                ", ".join(value for value, _ in question.choices),
                question.proposal or "",
                self.answers.get(target, self.answers.get(question.id, "")),
            )
            for question in self.proposal.questions
            for target, item in _targets(question)
        ]
        return pd.DataFrame(rows, columns=["id", "question", "item", "choices", "proposal", "answer"])

    def answer(self, identifier: str, value: Any) -> Adding:
        """Answer a question, one of its items, or correct what was decided.

        Args:
            identifier: an id of `questions`, or of `proposal.decided`.
            value: one of its choices.

        Raises:
            SourceError: the file cannot be of the kind that was answered.
        """
        if self.proposal.kind == "" and identifier == "kind":
            self.proposal = propose_source(self.root, self.round_id, self.path, kind=str(value), lang=self.lang)
            self.answers = {}
        else:
            self.proposal, self.answers = refined(self.proposal, {**self.answers, identifier: value})
        return self

    def confirm(self) -> Added:
        """Take the file into the round.

        Returns:
            The source and the files that were written.

        Raises:
            SchemaError: an answer is missing or wrong; nothing was written.
            SourceError: the reader found something wrong; nothing was written.
        """
        self.added = add_source(self.root, self.round_id, settle(self.proposal, self.answers), lang=self.lang)
        return self.added

    def __repr__(self) -> str:
        state = "taken in" if self.added is not None else f"{len(self.left)} questions left"
        return f"Adding({self.path.name}, {self.proposal.kind or 'kind unknown'}, {state})"

    def _repr_html_(self) -> str:
        """What the file was taken for and what is asked, as tables."""
        return self._seen() + self._asked()

    def _ipython_display_(self) -> None:
        from IPython.display import display

        # No widgets where nobody could press a button.
        display(self.form() if find_spec("ipywidgets") else _Shown(self._repr_html_()))  # type: ignore[no-untyped-call]

    def form(self) -> Any:
        """The form: fields for what is asked, and a button that takes the file in. Needs ipywidgets, which JupyterLab's extra brings."""
        import ipywidgets as widgets

        box = widgets.VBox()
        self._fill(widgets, box)
        return box

    def _fill(self, widgets: Any, box: Any) -> None:
        """Put the fields of the proposal as it is now into the box."""
        fields: dict[str, Any] = {}
        parts = [widgets.HTML(self._seen())]
        for question in self.proposal.questions:
            parts.append(widgets.HTML(f"<b>{html.escape(question.question)}</b>"))
            for target, item in _targets(question):
                fields[target] = _field(widgets, question, item, self.answers.get(target))
                parts.append(fields[target])
        said = widgets.HTML()
        button = widgets.Button(description=text("intake.page_take", self.lang), button_style="primary")
        button.on_click(self._pressed(widgets, box, fields, said, button))
        box.children = [*parts, button, said]

    def _pressed(self, widgets: Any, box: Any, fields: Mapping[str, Any], said: Any, button: Any) -> Callable[[Any], None]:
        def press(_: Any) -> None:
            given = {target: field.value for target, field in fields.items() if field.value not in (None, "")}
            try:
                if self.proposal.kind == "" and "kind" in given:
                    self.answer("kind", given["kind"])
                    self._fill(widgets, box)
                    return
                self.answers |= given
                added = self.confirm()
            except VvvError as problem:
                told = error_in_danish(problem) if self.lang == "da" else str(problem)
                said.value = f"<pre>{html.escape(told)}</pre>"
                return
            button.disabled = True
            told = "".join(f"<li>{html.escape(one)}</li>" for one in (*added.told, *added.paths))
            done = text("intake.screen_added", self.lang, file=self.path.name, source=added.source or self.proposal.kind)
            said.value = f"<p>{html.escape(done)}</p><ul>{told}</ul>"

        return press

    def _seen(self) -> str:
        proposal = self.proposal
        if not proposal.kind:
            return f"<h4>{html.escape(text('intake.screen_unknown', self.lang, file=self.path.name))}</h4>"
        kind = text(f"intake.kind_{proposal.kind}", self.lang)
        head = text("intake.screen_head", self.lang, file=self.path.name, kind=kind, source=proposal.source)
        rows = "".join(
            f"<tr><td>{html.escape(one.what or one.id)}</td><td>{html.escape(_words(one.value))}</td>"
            f"<td>{html.escape(text('intake.page_why_' + one.why.replace('+', '_'), self.lang))}</td></tr>"
            for one in proposal.decided
            if not one.id.startswith(_NOT_SHOWN)
        )
        told = "".join(f"<li>{html.escape(one)}</li>" for one in (*proposal.told, *proposal.losses))
        return f"<h4>{html.escape(head)}</h4><table>{rows}</table><ul>{told}</ul>"

    def _asked(self) -> str:
        rows = "".join(
            f"<tr><td><code>{html.escape(target)}</code></td><td>{html.escape(f'{question.question} {item}'.strip())}</td>"
            f"<td>{html.escape(', '.join(value for value, _ in question.choices))}</td></tr>"
            for question in self.proposal.questions
            for target, item in _targets(question)
        )
        return f"<table>{rows}</table>" if rows else ""


class _Shown:
    """HTML that shows itself."""

    def __init__(self, content: str) -> None:
        self.content = content

    def _repr_html_(self) -> str:
        return self.content


def _targets(question: Question) -> list[tuple[str, str]]:
    """(id of the answer, what it is asked of): one an item, or one for all where items are answered together."""
    if question.id.startswith(_ONE_ANSWER) or len(question.items) != len(question.targets) or any("=" in one for one in question.targets):
        return [(question.id, "; ".join(question.items))]
    return list(zip(question.targets, question.items, strict=True)) or [(question.id, "")]


def _field(widgets: Any, question: Question, item: str, answer: Any) -> Any:
    """A list to choose from, or a line to fill in; what seems likely stands in it."""
    proposal = answer if answer is not None else question.proposal
    value = " > ".join(map(str, proposal)) if isinstance(proposal, list) else proposal
    shape = {"description": item, "style": {"description_width": "initial"}, "layout": {"width": "90%"}}
    if question.type == "fill" or not question.choices:
        hint = question.choices[0][0] if question.choices else ""
        return widgets.Text(value=str(value or ""), placeholder=hint, continuous_update=False, **shape)
    options = [("…", None), *((label if label == one else f"{label} ({one})", one) for one, label in question.choices)]
    known = [one for _, one in options]
    return widgets.Dropdown(options=options, value=value if value in known else None, **shape)


def _words(value: object) -> str:
    return " > ".join(map(str, value)) if isinstance(value, list) else str(value)
