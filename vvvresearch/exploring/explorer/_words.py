"""The words of the page, in the round's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vvvresearch.locales import text

if TYPE_CHECKING:
    from vvvresearch.locales import Lang

STATES = ("affirmed", "contradicted", "both", "not_raised", "asked", "not_asked", "not_coded")
_PUT_IN = ("n", "of", "all", "passages", "shown", "hits", "interviews", "searched", "refused", "without_text", "coder", "factor")
_PAGE = (
    *("no_kernel", "matrix", "table", "together", "map", "coders", "numbers", "filters", "codes", "coder", "stance", "memo", "with_memo"),
    *("search", "search_hint", "back", "forward", "clear", "close", "keys", "copy_code", "add_page", "copied", "copy_failed"),
    *("no_page", "working", "nothing_chosen", "nobody", "no_passages", "refused_passage", "no_place", "turn_of", "place_only"),
    *("open_transcript", "earlier", "later", "more", "interviews_of", "persons_of", "passages", "not_read", "no_code"),
    *("missing_with", "interpreter", "touches", "mentions", "only_mentions", "theme_alone", "levels", "all_levels", "by"),
    *("count_in", "interviews", "persons", "few", "empty_columns", "hidden", "apart", "kappa", "percent", "ac1", "alpha"),
    *("n_units", "pooled", "address", "address_hint", "tables_interviews", "tables_surveys", "tables_mechanisms", "tables_maps"),
    *("tables_monitoring", "tables_earlier", "lines_of", "hits_of", "not_searched", "no_hits", "selected", "refused_count"),
    *("unnoted_count", "wave", "theme", "result", "evidence", "help", "choose_table", "text_cut"),
    *("within", "within_document", "within_overlap", "alone", "more_codes", "nothing_together", "shown", "links", "least", "links_of"),
    *("promotes", "hinders", "disagree", "informants", "citations", "link", "of_factor"),
    *("decisions", "decide", "decide_kind", "decide_into", "decide_new_memo", "decide_why", "decide_by", "decide_propose", "decide_all"),
    *(
        "decide_passage",
        "decide_none",
        "decide_agree",
        "decide_reject",
        "decide_undo",
        "decide_unchanged",
        "decide_every_coder",
        "decide_note",
        "decide_codings",
    ),
)


def page_words(lang: Lang) -> dict[str, str]:
    """All words that the page shows, by their names.

    Example:
        >>> page_words("en")["copy_code"]
        'Copy as code'
    """
    # What changes from one state to the next the page puts in itself.
    left = {name: f"{{{name}}}" for name in _PUT_IN}
    return (
        {name: text(f"explorer.{name}", lang, **left) for name in _PAGE}
        | {name: text(f"exploring.state_{name}", lang) for name in STATES}
        | {f"kind_{name}": text(f"decisions.{name}", lang) for name in ("recode", "merge", "stance", "memo")}
    )
