"""The explorer as a widget of JupyterLab: the page is a file of this package, and asks nobody but the kernel."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from vvvresearch import files
from vvvresearch.errors import NotebookError, not_installed
from vvvresearch.exploring.explorer._kernel import Explorer
from vvvresearch.locales import LANGUAGES, text

_PAGE = Path(__file__).parent / "page"


def page_script() -> str:
    """The page's module: its parts in their order, and the one sentence that no kernel can send."""
    silence = json.dumps({lang: text("explorer.no_kernel", lang) for lang in LANGUAGES}, ensure_ascii=False)
    return "\n".join([f"const NO_KERNEL = {silence};", *(files.read_text(part) for part in sorted(_PAGE.glob("*.js")))])


def page_style() -> str:
    """How the page looks."""
    return files.read_text(_PAGE / "explorer.css")


def widget_of(explorer: Explorer) -> Any:
    """The widget that shows a round.

    Raises:
        NotebookError: JupyterLab's extra is not installed.
    """
    return _widget_class()(explorer)


@cache
def _widget_class() -> Any:
    try:
        import anywidget
        from IPython.display import display
    except ImportError:
        raise not_installed(NotebookError, "anywidget", "lab", why="the explorer is a widget of JupyterLab") from None

    show: Any = display

    class ExplorerPage(anywidget.AnyWidget):
        """The explorer of a round; `.explorer` answers what its page asks."""

        _esm = page_script()
        _css = page_style()

        def __init__(self, explorer: Explorer) -> None:
            super().__init__()
            self.explorer = explorer
            explorer.prepare()
            self.on_msg(lambda _widget, content, _buffers: self.send(explorer.answer(content)))

        def __repr__(self) -> str:
            return f"explore({self.explorer.whole.id})"

        def _ipython_display_(self) -> None:
            # A notebook that was saved has the page no more: this sentence stays, and the page takes it away while it lives.
            note = text("explorer.saved", self.explorer.lang, round=self.explorer.whole.id)
            show({"text/html": f'<p class="vvv-explorer-note">{files.html_text(note)}</p>', "text/plain": note}, raw=True)
            bundle: Any = self._repr_mimebundle_()
            show(bundle[0] if isinstance(bundle, tuple) else bundle, raw=True)

    return ExplorerPage
