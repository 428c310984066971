"""What arguments and their values are called in other programs, in talk and in Danish."""

from __future__ import annotations

from collections.abc import Mapping

# What is meant of any table, by what is done with it, and the keywords that say it.
_BESIDE = {
    # What other programs have to be asked for and stands in every table, or says nothing here.
    "as it is": (
        "complete context counts details dropna fmt format include_total labels margin margins na na_rm normalize observed pct percent "
        "percentage percentages print procent proportion proportions quiet random_state seed share shares show_cases show_missing "
        "show_n sort_index states total totals use_tilde verbose window"
    ),
    # How many rows are asked for, where an analysis has no such argument of its own.
    "rows": "antal first_n head limit max max_rows maximum n n_rows nmax top top_n",
    "at least": "at_least min min_cases min_count min_freq min_n mindst minimum minimum_count n_min",
    "sort": "arrange order order_by sort sort_by sort_values sorted sorter sorter_efter sorteret",
    "down": "ascending decreasing desc descending faldende reverse",
    "save": "fil file filename gem out outfile output path save save_as",
    "frame": "as_dataframe as_frame to_frame",
    "picture": "chart figure plot",
    "holds": "containing contains holding search søg indeholder like matching med_ordet mentioning",
    "totals": "include_total margins show_total total totals with_total",
    # What says of whom alone; not "without", nor "against".
    "among": "af among blandt for for_ hos hvem i in in_ kun of only speaker who whom within",
    "condition": "condition filter query subset where",
    "date": "as_of date dato month måned period quarter year år",
    # What says that the rows of one name are meant.
    "only": "answer choose id ids just keep key keys kun name names only option row rows show svar top top_box value vis",
    # What says which numbers of a table, or which part of a result, are meant.
    "which": "cols columns include kolonner measure measures output part solution stat statistic value values values_from what",
    "codes": "code codes kode koder node nodes tema temaer theme themes under",
}
BESIDE: Mapping[str, frozenset[str]] = {kind: frozenset(words.split()) for kind, words in _BESIDE.items()}
# One idea has one name (`by`, `code`, `group`, `wave`, `survey`). Ours, nearest first, and what other programs, talk and Danish call it;
# of words with one stem the first counts.
_CALLED: tuple[tuple[str, str], ...] = (
    ("depth within", "level"),
    ("items", "item"),
    ("respondent_group by", "group"),
    ("item by", "column var variable"),
    ("adjustment", "adjust correction justering p_adjust"),
    ("answers", "svar"),
    (
        "by attribute",
        "across attribut attribute by class col color cols columns efter_gruppe facet factor fill fordelt_efter fordelt_på group_by "
        "grupperet_efter groupby grouping hue kategori krydset_med opdeling opdelt opdelt_efter opdelt_på over per pr split split_by "
        "split_var strat strata stratify_by",
    ),
    ("by attribute second", "efter"),
    ("by outcome", "y"),
    ("cases within", "unit"),
    ("code codes under", "code code_path codes kode node nodes parent tema theme themes"),
    ("coder", "kodet_af"),
    ("coder codes", "koder"),
    ("coders", "coder1"),
    ("conditions", "betingelse betingelser c"),
    ("decimals", "digits"),
    ("denominator", "base drop_dont_know exclude_dont_know exclude_missing missing valid_only"),
    ("depth", "dybde levels max_depth max_level"),
    ("depth level", "niveau"),
    ("event", "event_observed status"),
    ("expectations", "antagelser dir_exp"),
    ("first", "baseline before fra from from_ from_wave før old pre t1 wave1 wave_1"),
    ("group", "afgrænset_til respondent respondent_group respondents role"),
    ("group by", "groups gruppe"),
    ("inclusion_cut", "incl_cut"),
    ("intervals", "interval"),
    ("intervals level", "ci conf_int confint show_ci"),
    ("interview", "doc document filename informant transcript udskrift"),
    ("item", "battery items question spørgsmål"),
    ("item attribute", "x"),
    ("item codes", "index row rows"),
    ("item items", "questions vars"),
    ("item items by", "variables"),
    ("item survey", "formula"),
    ("item text", "q"),
    ("kind", "type"),
    ("leave_out", "exclude"),
    ("level", "alpha conf conf_level confidence konfidensniveau"),
    ("level depth", "zoom"),
    ("linked", "paired"),
    ("longest", "length max_length"),
    ("municipality by", "kommune"),
    ("n_cut", "antal_tilfælde freq_cut frequency_cutoff min_cases"),
    ("negate_outcome", "neg_out negate negated"),
    ("on today years", "as_of at_date date dato day"),
    ("outcome", "outcomes resultat udfald"),
    ("pair", "par"),
    ("pair interview municipality item", "id"),
    ("population", "fpc frame_size N pop population_size universe"),
    ("second", "after efter_bølge endline followup new post t2 til to to_wave wave2 wave_2"),
    ("shortest", "min_length"),
    ("small_n", "min_n"),
    ("solution", "include løsning"),
    ("survey", "undersøgelse"),
    ("survey answers", "data dataset"),
    ("survey interview", "source"),
    ("survey interview pair municipality", "name"),
    ("targets", "margins_to måltal population_totals target target_totals"),
    ("test intervals level", "method"),
    ("text", "ord ordlyd passage pattern query string søgeord tekst term word"),
    ("time", "duration durations tid"),
    ("wave", "bølge period round runde waves"),
    ("weights", "vægt weight weighted"),
    ("within unit cases", "enhed"),
)
OTHER_ARGUMENTS: Mapping[str, tuple[str, ...]] = {word: tuple(ours.split()) for ours, words in _CALLED for word in words.split()}
# The same of values: by parameter, what else stands for one of ours.
_SOLUTIONS = {"?": "parsimonious", "": "conservative", "1": "conservative", "complex": "conservative", "int": "intermediate"}
OTHER_VALUES: Mapping[str, Mapping[str, str]] = {
    "solution": {**_SOLUTIONS, "kompleks": "conservative", "sparsommelig": "parsimonious", "mellem": "intermediate"},
    "within": {
        **dict.fromkeys(("doc", "documents", "dokument", "interview", "interviews", "case", "source", "file"), "document"),
        **dict.fromkeys(("sentences", "sætning", "sætninger"), "sentence"),
        **dict.fromkeys(("overlapping", "passage", "passages", "segment", "segments", "overlappende", "tekst"), "overlap"),
    },
    "level": {"ordered": "ordinal", "ordnet": "ordinal", "kategorisk": "nominal", "categorical": "nominal", "scale": "interval"},
    "kind": {"fs": "fuzzy", "cs": "crisp"},
    "denominator": {"all": "asked", "alle": "asked", "spurgt": "asked", "besvaret": "answered", "gyldige": "valid"}
    | dict.fromkeys(("true", "drop", "exclude", "ignore"), "valid"),
    "method": {"exact_binomial": "clopper-pearson", "clopper_pearson": "clopper-pearson", "agresti_coull": "agresti-coull"},
}
