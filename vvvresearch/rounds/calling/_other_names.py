"""What analyses and evidence of a round are called in other programs, in talk and in Danish."""

from __future__ import annotations

from collections.abc import Mapping

# Ours, and the other words for it; æ, ø and å as they are folded.
CALLED: Mapping[str, str] = {
    "overview": (
        "summary_of_round project_map inventory names head tail info sources data data_sources "
        "contents dataset datasets glimpse str kilde kilder oversigt indhold"
    ),
    "data_basis": "datagrundlag method_table methods metode",
    "codebook": "code_manager nodes_list codebook_export code kode code_book code_system code_tree codetree kodebog kodetrae nodes tree",
    "codings": (
        "quotation_manager code_application code_applications coded_text segments_list coded_data coding coded_segments kodninger kodning "
        "references"
    ),
    "codes": "koder labels code_list",
    "interviews": (
        "descriptors descriptor document_system dokumenter documents_list sources_list interviewliste sager casenodes attributes "
        "document_variables case_attributes classifications classification variables_of_documents document_groups interview "
        "interview_register interviewregister cases case informants informant persons person people respondents participants deltagere "
        "deltager personer respondenter informanter interviewpersoner"
    ),
    "sample": "sampling samplesize who udvalg stikproeve",
    "interview_table": "interviews_by_group interview_counts antal_interview",
    "theme_table": (
        "code_application_table prevalence_table coding_summary summary_by_code code_overview themes theme tema temaer tematabel "
        "temaoversigt code_frequencies code_frequency code_counts code_count code_table theme_counts theme_count theme_frequencies "
        "theme_frequency theme_prevalence prevalence count_codes counts_by_code frequency_of_codes kodefrekvens code_summary theme_matrix "
        "code_stats"
    ),
    "case_matrix": (
        "code_document_table dfm code_matrix_browser cmb segment_matrix sagsmatrix kodematrix document_code case_code_matrix "
        "document_code_matrix code_document_matrix document_matrix dtm one_hot"
    ),
    "framework_matrix": (
        "summary_grid summary_tables rammematrix quote_matrix framework_matrices summary_table_of_cases framework matrix framework_table "
        "charting matrix_query"
    ),
    "crosstab": (
        "xtabs ftable crosstable cross_tabulate ctables code_by_descriptor codes_by_descriptor quantitize crosstabs cross_tab cross_table "
        "cross_tabulation cross_tabs krydstabel krydstabeller matrix_coding code_by_attribute matrix_coding_query codes_by_attribute pivot "
        "pivot_table contingency contingency_table"
    ),
    "pair_table": "match_pairs pair_views pair_agreement dyads pairwise parvis",
    "cooccurrence": (
        "compound_query near_query code_cooccurrence_table code_co_occurrence co_occurrence co_occurrences code_proximity nearby_codes "
        "sammenfald kodesammenfald code_relations code_cooccurrence code_overlap overlap overlaps code_matrix samforekomst code_network "
        "kodesamforekomst cooccurrence_matrix code_relations_browser codes_together code_map code_cloud relations_between_codes"
    ),
    "saturation": "maetning temamaetning theme_saturation saturation_curve data_saturation",
    "quotes": "quote quotations quotation citater citat quotes_for excerpts verbatims uddrag",
    "transcript": (
        "coding_stripes document_browser tekst document_portrait document text texts interview_text read_transcript transskription "
        "transskriptioner udskrift udskrifter full_text fuld_tekst"
    ),
    "search": (
        "text_search_query soegning_i_tekst find grep kwic concordance keyword_in_context keywords_in_context text_search search_text soeg "
        "soegning soeg_tekst lookup find_text search_texts contains keyword"
    ),
    "double_coding": (
        "kap kappaetc icc coder_agreement_table coding_agreement intercoder_test agreement intercoder interrater inter_coder_agreement "
        "intercoder_agreement intercoder_reliability interrater_agreement interrater_reliability irr icr kappa cohens_kappa cohen_kappa "
        "coder_agreement coder_reliability coder_comparison coding_comparison krippendorff krippendorffs_alpha krippendorff_alpha alpha "
        "kodeenighed enighed reliabilitet compare_coders compare_coding"
    ),
    "unitizing_agreement": "unitizing_alpha unitising_alpha unitizing unitising u_alpha alpha_u cu_alpha",
    "disagreements": "konflikter conflicts uenige disagreement coder_disagreements uenighed uenigheder coder_differences",
    "triangulate": "triangulation triangulering claims",
    "surveys": "survey questionnaire questionnaires spoergeskema spoergeskemaer surveydata",
    "tabulate": (
        "battery batteri multiple_response tick_boxes flere_svar krydser andel andele share procentandel hyppighed hyppigheder svyby "
        "svyciprop proportions prop_table tbl_cross wtd_table table1 one_way weighted weighted_table svarfordeling fordeling_af_svar "
        "svar frequencies frequency freq frq tab tabyl distribution value_counts frequency_table frekvens frekvenser fordeling "
        "frekvenstabel top_box topbox tabel table tables crosstab_survey percent percentages shares likert count_answers"
    ),
    "base_table": (
        "variable_view variable_labels variable_list data_dictionary dictionary missing missing_values ubesvaret questions question items "
        "item variables variable spoergsmaal sporgsmal question_list codebook_of_survey bases"
    ),
    "topline": "all_items marginaler hele_skemaet toplines all_questions all_tables marginals",
    "open_answers": (
        "fritekst fritekster open_questions aabne_besvarelser verbatim open_ended openended comments free_text freetext open_text "
        "text_answers aabne_svar kommentarer"
    ),
    "compare_waves": (
        "mcnemar_test paired_test development wave_comparison changes_over_time change_over_time compare_wave wave_compare "
        "before_after boelger boelge sammenlign_boelger udvikling wave_changes wave_difference"
    ),
    "compare_groups": (
        "forskel forskelle prop_test proportion_test proptest wilcox_test wilcoxon mann_whitney mann_whitney_u kruskal_wallis "
        "kruskal_test rank_test anova_test boschloo fisher chisq_test fisher_test kruskal anova oneway test_groups gruppeforskelle "
        "significance significant p_value p_values compare_group group_comparison group_differences chi_square chisq ttest t_test "
        "chi2 sammenlign_grupper difference"
    ),
    "compare": "sammenlign gap gaps mirror mirror_items spejl",
    "trend": "time_series tidsserie over_time",
    "weight": (
        "weight_by svydesign svyset weights weighting vaegt vaegte vaegtning rake raking post_stratification poststratify calibrate_weights"
    ),
    "response": "besvarelser response_rate response_rates svarprocent svarprocenter responsrate response_flow bortfald nonresponse",
    "representativeness": "representative representativitet repraesentativitet r_indicator",
    "reliability": "omega scale skala reliabilitetsanalyse cronbachs cronbach cronbach_alpha cronbachs_alpha scale_reliability",
    "goals": "goal maal maalsaetning targets target succeskriterier succeskriterium success_criteria indicators kpi kpis indikatorer",
    "goal_status": "maalstatus status_paa_maal goals_status status_of_goals maalopfyldelse goal_table goal_progress progress",
    "matches": "match matchregister match_register relations relationer",
    "monitoring": "extracts extract monitoring_data monitorering udtraek",
    "courses": "course kursus kurser workshops workshop course_register training",
    "course_table": "course_participants courses_table course_counts kursustabel course_overview",
    "match_volume": (
        "matches_by_year match_counts number_of_matches antal_match antal_matches active active_matches active_on aktive aktive_match "
        "new_matches nye_match new nye started igangvaerende igangvaerende_match"
    ),
    "volume": "stock_flow participants_by_year omfang counts_by_year",
    "duration": (
        "sts stset survdiff time_to_end durations match_duration match_durations length_of_matches match_length varighed varigheder "
        "survival survivals survival_curve survival_curves survival_analysis kaplan_meier km survfit overlevelse overlevelseskurve "
        "time_to_event relation_length length matches_duration"
    ),
    "endings": (
        "exits exit ending reasons end_reasons reasons_for_ending cumulative_incidence competing_risks afslutninger ophoer ended aarsager"
    ),
    "broken_off": "dropout dropouts frafald breakoffs afbrudte afbrud premature_endings",
    "referrals": "referral henvisninger henvisning",
    "waiting": "waiting_time waiting_times ventetid ventetider",
    "presence": "coverage municipality_status status_by_municipality tilstedevaerelse daekning",
    "municipalities": "municipality kommune kommuner",
    "municipality_index": "municipality_table municipalities_table kommunetabel kommuneoversigt",
    "municipality_sheet": "municipality_profile kommuneark kommuneprofil fact_sheet",
    "truth_table": "truthtable sandhedstabel qca_table",
    "necessity": "super_subset supersubset noedvendighed necessary necessary_conditions nodvendighed noedvendige_betingelser superset",
    "conditions": "calibration calibrated qca_data memberships betingelser",
    "moderators": "moderator moderation interactions interaction",
    "causal_map": (
        "cause_effect what_works hvad_virker causal causality links link network causal_network causal_links causal_chain causal_chains "
        "causal_diagram cognitive_map mechanisms mechanism aarsagskort kausalkort maps map kort causes mechanism_map"
    ),
    "mappings": "mapping kortlaegninger kortlaegning deep_cut deep_cuts dybdekortlaegning",
    "configurations": "cmo cmos context_mechanism_outcome konfigurationer",
    "evidence_ledger": "ledger process_tracing",
    "theory_of_change": "virkningsteori theory forandringsteori logic_model programme_theory toc program_theory",
    "portrait": "pair_portrait case_study portraet portraits portraetter case_portrait",
    "previous": "previous_round last_round earlier_round prior prior_round previously forrige forrige_runde last before",
    "theme_trend": (
        "since sidst compare_rounds round_comparison rounds_compared since_last since_last_time changes_since diff compare_previous "
        "siden_sidst compare_with_previous themes_over_time compare_to_previous sammenlign_runder previous_comparison compare_round"
    ),
    "goal_trend": "goals_over_time goal_changes",
    "follow_up": "recommendations recommendation anbefalinger anbefaling findings opfoelgning",
    "housing_areas": "housing_area boligomraader boligomraade housing",
    "volunteers": "volunteer frivillige frivillig",
    "explore": "explorer open_explorer widget gui browse udforsk browser dashboard",
    "filter": (
        "select_cases select_if keep_if keep only_where vaelg_sager afgraens activate with_filter where subset filtered select query loc "
        "only filtrer udvalg_af slice"
    ),
    "manual": "handbook manualen help hjaelp vejledning guide_to_round",
    "page": "new_page chapter side",
    "cell": "value number tal get lookup_value",
    "evidence": "trace source_of behind",
    "add": "import_file add_file load_data import_data read_data tilfoej",
}
# Words that mean something else too, tried where the first does not fit what was given.
ALSO: Mapping[str, tuple[str, ...]] = {
    "alpha": ("reliability",),
    "change": ("compare_waves",),
    "omega": ("reliability",),
    "crosstab": ("tabulate",),
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
        "frequencies freq wtd_table proc_freq tab1 count descriptives describe svymean svytable mean summarise summarize crosstab_survey"
    ),
    "write_refi": "write_qdpx to_qdpx export_qdpx",
}
# What is done in a terminal, by the words that are tried here for it.
_TYPED = {
    "vvv check": "check validate problems",
    "vvv keys": "keys numbers addresses",
    "vvv release": "release publish",
    "vvv report": "report render rapport",
    "vvv run": "run build",
    "vvv status": "status",
    "vvv withdraw": "withdraw",
}
COMMANDS: Mapping[str, str] = {word: command for command, words in _TYPED.items() for word in words.split()}
