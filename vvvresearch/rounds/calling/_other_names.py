"""What analyses, evidence, arguments and their values are called in other programs, in talk and in Danish."""

from __future__ import annotations

from collections.abc import Mapping

# Ours, and the other words for it; æ, ø and å as they are folded.
CALLED: Mapping[str, str] = {
    "overview": (
        "summary_of_round project_map inventory names head tail info sources data contents datasets glimpse str kilder oversigt indhold"
    ),
    "data_basis": "datagrundlag files filer methods metode",
    "codebook": "code_manager codebook_export code kode code_system codetree kodebog kodetrae nodes tree",
    "codings": "quotation_manager code_applications coded_text coded_data coded_segments kodning references",
    "codes": "koder labels code_list",
    "interviews": (
        "descriptor document_system sources_list sager casenodes attributes document_variables classification variables_of_documents "
        "document_groups interviewregister case people participants interviewees interviewede deltager personer respondenter informanter"
    ),
    "sample": "sampling samplesize who udvalg stikproeve",
    "interview_table": "interviews_by_group interview_counts antal_interview",
    "theme_table": (
        "code_application_table coding_summary summary_by_code code_overview theme temaer code_frequency code_count code_table "
        "theme_count theme_frequency code_frequencies prevalence count_codes counts_by_code frequency_of_codes "
        "kodefrekvens code_summary code_stats"
    ),
    "case_matrix": (
        "code_document_table dfm code_matrix_browser cmb segment_matrix sagsmatrix kodematrix document_code case_code_matrix "
        "code_document_matrix document_matrix dtm one_hot"
    ),
    "framework_matrix": "summary_grid rammematrix quote_matrix summary_table_of_cases framework charting",
    "crosstab": (
        "xtabs ftable matrix cross_tabulate ctables code_by_descriptor codes_by_descriptor quantitize cross_table cross_tabulation "
        "krydstabel krydstabeller matrix_coding code_by_attribute codes_by_attribute pivot contingency"
    ),
    "pair_table": "match_pairs pair_views pair_agreement dyads pairwise parvis",
    "cooccurrence": (
        "compound_query near_query code_proximity nearby_codes sammenfald kodesammenfald code_relations overlaps code_matrix "
        "samforekomst sammen together code_network kodesamforekomst codes_together code_map code_cloud relations_between_codes"
    ),
    "saturation": "maetning temamaetning",
    "quotes": "quotation citat excerpts verbatims uddrag",
    "transcript": "coding_stripes tekst document_portrait document texts interview_text transskriptioner udskrifter full_text fuld_tekst",
    "search": "find grep kwic concordance soeg soegning lookup contains keyword",
    "double_coding": (
        "kap kappaetc icc agreement intercoder interrater intercoder_reliability interrater_reliability irr icr cohen_kappa "
        "coder_reliability coder_comparison coding_comparison alpha kodeenighed enighed reliabilitet compare_coders compare_coding"
    ),
    "unitizing_agreement": "unitizing_alpha unitising_alpha unitizing unitising u_alpha alpha_u cu_alpha",
    "disagreements": "konflikter conflicts uenige uenigheder coder_differences",
    "triangulate": "triangulation triangulering claims",
    "surveys": "questionnaires spoergeskemaer surveydata",
    "tabulate": (
        "battery batteri multi multiple_response tick_boxes flere_svar krydser andele procentandel hyppigheder svyby svyciprop proportions "
        "prop_table tbl_cross table1 one_way weighted svarfordeling fordeling_af_svar svar frq tab tabyl distribution value_counts "
        "frekvenser fordeling topbox tabel tables crosstab_survey percent percentages shares likert count_answers"
    ),
    "base_table": (
        "dictionary missing is_na isna na_count manglende mangler ubesvaret base partial incomplete question "
        "item variable spoergsmaal sporgsmal codebook_of_survey bases"
    ),
    "topline": "all_items hele_skemaet all_questions all_tables marginals",
    "open_answers": (
        "fritekster open_questions aabne_besvarelser verbatim openended comments freetext open_text text_answers aabne_svar kommentarer"
    ),
    "compare_waves": (
        "mcnemar_test paired_test development wave_comparison changes_over_time change_over_time wave_compare boelge "
        "sammenlign_boelger udvikling wave_changes wave_difference"
    ),
    "compare_groups": (
        "forskel forskelle proportion_test proptest mann_whitney_u rank_test boschloo fisher_test kruskal anova test_groups "
        "gruppeforskelle significance significant p_values group_comparison chi_square chisq t_test chi2 sammenlign_grupper "
        "difference"
    ),
    "compare": "sammenlign gaps mirror mirror_items spejl",
    "trend": "trendline trendlinje tendens time_series tidsserie over_time",
    "weight": "svydesign svyset weighting vaegte vaegtning rake raking post_stratification poststratify calibrate_weights",
    "response": "answered svarede respondenter_i_alt besvarelser svarprocenter responsrate bortfald nonresponse",
    "representativeness": "representative representativitet repraesentativitet r_indicator",
    "reliability": "omega scale skala reliabilitetsanalyse cronbach cronbach_alpha cronbachs_alpha",
    "goals": "maal maalsaetning target succeskriterier succeskriterium success_criteria indicators kpis indikatorer",
    "goal_status": "maalstatus status_paa_maal goals_status status_of_goals maalopfyldelse goal_table progress",
    "matches": "match match_register referral_register relationer",
    "monitoring": "extract monitorering udtraek",
    "courses": "kursus kurser workshop course_register training",
    "course_table": "course_participants courses_table course_counts kursustabel course_overview",
    "match_volume": "matches_by_year match_counts number_of_matches antal_match antal_matches active aktive new nye started igangvaerende",
    "volume": "stock_flow participants_by_year omfang counts_by_year",
    "duration": "sts stset survdiff time_to_end varigheder survfit overlevelse overlevelseskurve time_to_event length",
    "endings": "exit reasons competing_risks afslutninger ophoer ended aarsager",
    "broken_off": "dropout dropouts frafald breakoffs afbrudte afbrud premature_endings",
    "referrals": "henvisning",
    "waiting": "ventetider",
    "presence": "coverage municipality_status status_by_municipality tilstedevaerelse daekning",
    "municipalities": "kommuner",
    "municipality_index": "municipality_table municipalities_table kommunetabel kommuneoversigt",
    "municipality_sheet": "municipality_profile kommuneark kommuneprofil fact_sheet",
    "truth_table": "sandhedstabel",
    "necessity": "supersubset noedvendighed necessary necessary_conditions nodvendighed noedvendige_betingelser superset",
    "conditions": "calibration calibrated memberships betingelser",
    "moderators": "moderation interaction",
    "causal_map": (
        "cause_effect what_works hvad_virker causal causality link network causal_chains cognitive_map mechanism aarsagskort "
        "kausalkort maps map kort causes effects virkninger effekter leads_to"
    ),
    "survey_moderators": "lm glm ols regression logistic_regression cor corr correlation association korrelation",
    "mappings": "kortlaegning deep_cuts dybdekortlaegning",
    "configurations": "cmos context_mechanism_outcome konfigurationer",
    "evidence_ledger": "ledger process_tracing",
    "theory_of_change": "virkningsteori theory forandringsteori logic_model toc",
    "portrait": "case_study portraet portraetter",
    "previous": "earlier_round prior previously forrige last before",
    "theme_trend": "since sidst round_comparison rounds_compared diff themes_over_time sammenlign_runder previous_comparison compare_round",
    "goal_trend": "goals_over_time goal_changes",
    "follow_up": "recommendation anbefaling findings opfoelgning",
    "housing_areas": "boligomraade housing",
    "volunteers": "frivillig",
    "explore": "widget gui udforsk browser dashboard",
    "filter": (
        "select_cases select_if keep_if keep vaelg_sager afgraens activate with_filter where subset filtered select query loc only "
        "filtrer udvalg_af slice"
    ),
    "manual": "handbook manualen help hjaelp vejledning guide_to_round",
    "page": "new_page chapter side",
    "cell": "value number tal get lookup_value",
    "evidence": "trace source_of behind",
    "add": "import_file load_data import_data read_data tilfoej",
}
# Words that mean something else too, tried where the first does not fit what was given.
ALSO: Mapping[str, tuple[str, ...]] = {
    "alpha": ("reliability",),
    "change": ("compare_waves",),
    "omega": ("reliability",),
    "crosstab": ("tabulate",),
    "matrix": ("framework_matrix",),
    "compare": ("compare_waves", "compare_groups"),
    "sammenlign": ("compare_waves", "compare_groups"),
    "survdiff": ("duration",),
    "labels": ("levels",),
    "ended": ("match_volume",),
    **dict.fromkeys(("map", "maps", "kort"), ("presence",)),
    **dict.fromkeys(("difference", "differences", "forskel"), ("compare_waves",)),
    **dict.fromkeys(("dropout", "drop_out", "dropouts", "drop_outs", "frafald"), ("endings",)),
    **dict.fromkeys(("info", "head", "glimpse"), ("describe",)),
    "find": ("transcript",),
    **dict.fromkeys(("tables", "tabeller"), ("overview",)),
    **dict.fromkeys(("aarsager", "causes"), ("causal_map",)),
}
# Functions that are none of a round's analyses, or mean something else there.
FUNCTIONS: Mapping[str, str] = {
    "bars": "bar_chart barplot bar plot_bars",
    "calibrate": "calibration fuzzify",
    "causal_map_plot": "plot_causal_map plot_map network_plot",
    "cohen_kappa": "cohens_kappa kappa cohen_kappa_score kappa2",
    "cox": "coxph cox_regression cox_ph coxphfitter",
    "cumulative_incidence": "cuminc aalen_johansen competing_risks",
    "fisher": "fisher_exact fisher_test fishers_exact",
    "fleiss_kappa": "fleiss kappam_fleiss",
    "kaplan_meier": "km kaplanmeier kaplanmeierfitter survfit survival",
    "fit": "pof parameters_of_fit",
    "krippendorff_alpha": "alpha krippendorff krippendorffs_alpha kripp_alpha",
    "log_rank": "logrank logrank_test survdiff",
    "mann_whitney": "wilcox_test wilcoxon wilcoxon_rank_sum mannwhitneyu mann_whitney_u ranksum",
    "minimize": "qca minimise",
    "necessity": "supersubset pofind",
    "open_round": (
        "aabn_runde hent_runde indlaes_runde load load_round open read read_round round get_round aabn hent load_project open_project "
        "project"
    ),
    "proportion_interval": (
        "prop_interval svyciprop wilson_interval wilson_ci clopper_pearson wilson ci confidence_interval prop_ci binom_ci "
        "proportion_confint prop_test binom_test binom_confint binom_approx"
    ),
    "read_codings": (
        "read_atlas read_dedoose indlaes_kodninger read_qdpx load_codings read_nvivo read_maxqda read_interview_codings read_qda read_refi "
        "import_qdpx load_qdpx"
    ),
    "read_survey": (
        "read_csv read_excel read_xlsx read_stata read_dta get_file haven_read_sav indlaes_svar read_sav load_survey read_spss read_answers"
    ),
    "read_mappings": "load_mappings",
    "rounds": "list list_rounds get_rounds all_rounds show_rounds available_rounds runder ls projects list_projects",
    "scan_text": "scan find_identifiers",
    "survival_plot": "plot_survival",
    "tabulate": (
        "frequencies freq table wtd_table proc_freq tab1 count descriptives describe svymean svytable mean summarise "
        "summarize crosstab_survey"
    ),
    "write_refi": "write_qdpx to_qdpx export_qdpx",
}
# What is done in a terminal, by the words that are tried here for it.
_TYPED = {
    "vvv audit FILE": "audit check_report check_text check_document efterse",
    "vvv check": "check validate problems",
    "vvv keys": "keys numbers addresses",
    "vvv release": "release publish",
    "vvv report": "report render rapport",
    "vvv run": "run build",
    "vvv status": "status",
    "vvv withdraw": "withdraw",
}
COMMANDS: Mapping[str, str] = {word: command for command, words in _TYPED.items() for word in words.split()}

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
    # What says of whom not: a value beside it names those that are left out, or the other side.
    "not": "against but drop ej except exclude excluding ikke minus mod not other uden undtagen versus vs without",
    # What says which numbers of a table, or which part of a result, are meant.
    # What says which rows of several counts: links that promote, passages that contradict.
    "sign": "direction fortegn kind polarity retning sign stance type virkning",
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
    ("denominator", "base dont_know drop_dont_know exclude_dont_know exclude_missing missing ved_ikke valid_only"),
    ("depth", "dybde levels max_depth max_level"),
    ("depth level", "niveau"),
    ("event", "event_observed status"),
    ("expectations", "antagelser dir_exp"),
    ("first", "baseline before entry fra from from_ from_wave før old pre start t1 wave1 wave_1"),
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
    ("second", "after efter_bølge endline exit followup new post slut t2 til to to_wave wave2 wave_2"),
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
