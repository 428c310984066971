"""Codes that share text: the p-value is that of listing every shift, and it rejects as often as it says."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics.cooccurrence import PairTests, attainable_level, documents_together, passages_together, text_shared

Spans = list[tuple[int, int]]


def covered(spans: Spans, length: int) -> set[int]:
    return {place % length for start, end in spans for place in range(start, end)}


def every_shift(moving: Spans, resting: Spans, length: int) -> list[int]:
    """What the two share at each equally likely place of the moving code."""
    still = covered(resting, length)
    if length >= 15 * max(end - start for start, end in moving + resting):
        return [len(covered([(a + k, b + k) for a, b in moving], length) & still) for k in range(length)]
    whole = [k for k in range(length) if all((a + k) % length + b - a <= length for a, b in moving)]
    return [len(covered([(a + k, b + k) for a, b in moving], length) & still) for k in whole]


def listed_p(documents: list[tuple[Spans, Spans, int]], least: int | None = None) -> tuple[Fraction, int]:
    observed = least if least is not None else sum(len(covered(a, n) & covered(b, n)) for a, b, n in documents)
    chances = []
    for a, b, n in documents:
        chance: dict[int, Fraction] = {}
        for shared in (every_shift(a, b, n), every_shift(b, a, n)):
            for value in shared:
                chance[value] = chance.get(value, Fraction(0)) + Fraction(1, 2 * len(shared))
        chances.append(chance)
    p = Fraction(0)
    for values in product(*chances):
        if sum(values) >= observed:
            weight = Fraction(1)
            for value, chance in zip(values, chances, strict=True):
                weight *= chance[value]
            p += weight
    return p, observed


def both_tested(documents: list[tuple[Spans, Spans, int]]) -> PairTests:
    rows = [(d, code, *span) for d, pair in enumerate(documents) for code in (0, 1) for span in pair[code]]
    return passages_together(*zip(*rows, strict=True), [n for _, _, n in documents])


def outcome(documents: list[tuple[Spans, Spans, int]]) -> tuple[float, int, float]:
    found = both_tested(documents)
    return float(found.p_value[0]), int(found.together[0]), float(found.expected[0])


@st.composite
def document(draw: st.DrawFn) -> tuple[Spans, Spans, int]:
    length = draw(st.integers(8, 40))

    def spans() -> Spans:
        made = []
        for _ in range(draw(st.integers(1, 3))):
            size = draw(st.integers(1, 6))
            start = draw(st.integers(0, length - size))
            made.append((start, start + size))
        return made

    return spans(), spans(), length


@settings(deadline=None, max_examples=60)
@given(st.lists(document(), min_size=1, max_size=3))
def test_p_is_that_of_listing_every_place_in_every_document(documents: list[tuple[Spans, Spans, int]]) -> None:
    p, together = listed_p(documents)
    found, shared, expected = outcome(documents)
    assert shared == together
    assert found == pytest.approx(float(p), abs=1e-12)
    means = [np.mean([np.mean(every_shift(a, b, n)), np.mean(every_shift(b, a, n))]) for a, b, n in documents]
    assert expected == pytest.approx(sum(means))


@settings(deadline=None, max_examples=15)
@given(st.lists(document(), min_size=1, max_size=2), st.sampled_from([0.02, 0.05, 0.3]))
def test_the_level_that_can_be_attained_is_the_largest_p_that_is_no_more_than_the_one_asked_for(
    documents: list[tuple[Spans, Spans, int]], alpha: float
) -> None:
    tests = both_tested(documents)
    tails = [float(listed_p(documents, shared)[0]) for shared in range(int(tests.most[0]) + 2)]
    assert attainable_level(tests, alpha).tolist() == pytest.approx([max(p for p in tails if p <= alpha + 1e-12)], abs=1e-12)


def test_long_documents_are_shifted_around_their_end_in_units_of_any_fineness() -> None:
    documents = [([(0, 2), (30, 33)], [(31, 33), (58, 60)], 60), ([(5, 9)], [(7, 11)], 90)]
    characters = [([(50 * a, 50 * b) for a, b in one], [(50 * a, 50 * b) for a, b in two], 50 * n) for one, two, n in documents]
    assert outcome(documents)[0] == pytest.approx(float(listed_p(documents)[0]), abs=1e-12)
    assert outcome(characters)[0] == pytest.approx(float(listed_p(characters)[0]), abs=1e-12)
    assert outcome(characters)[1] == 50 * outcome(documents)[1]


def test_many_long_documents_have_the_p_of_convolving_them_one_by_one() -> None:
    rng = np.random.default_rng(11)
    for documents, low, high, passages in ((14, 20, 60, 1), (60, 30, 90, 2), (80, 5, 9, 3)):
        length, sum_of, shared, rows = 600, np.ones(1), 0, []
        for document in range(documents):
            size = rng.integers(low, high, (2, passages))
            start = rng.integers(0, length - size + 1)
            pair = [[(int(a), int(a + b)) for a, b in zip(*code, strict=True)] for code in zip(start, size, strict=True)]
            ways = [every_shift(*pair, length), every_shift(*pair[::-1], length)]
            width = max(max(way) for way in ways) + 1
            sum_of = np.convolve(sum_of, sum(np.bincount(way, minlength=width) / len(way) / 2 for way in ways))
            shared += len(covered(pair[0], length) & covered(pair[1], length))
            rows += [(document, code, *span) for code in (0, 1) for span in pair[code]]
        found = passages_together(*zip(*rows, strict=True), [length] * documents)
        assert found.together[0] == shared
        for least in (1, shared, int(found.expected[0]), 2 * shared):
            assert found.at_least(np.array([least]))[0] == pytest.approx(sum_of[least:].sum(), abs=1e-5)


def test_passages_that_are_laid_at_random_are_called_together_as_often_as_the_level_says() -> None:
    rng = np.random.default_rng(2026)
    for length, size, documents in ((150, 5, 6), (100, 10, 12)):
        codes, passages = 40, 4
        rejected = []
        for _ in range(2):
            where = np.repeat(np.arange(documents), codes * passages)
            code = np.tile(np.repeat(np.arange(codes), passages), documents)
            start = rng.integers(0, length - size + 1, size=len(code))
            found = passages_together(where, code, start, start + size, [length] * documents)
            rejected.append((found.p_value <= 0.05).mean())
        assert 0.025 < np.mean(rejected) < 0.07


def test_passages_that_belong_together_are_found() -> None:
    rng = np.random.default_rng(7)
    seen = 0
    for _ in range(60):
        start = rng.integers(0, 146, size=(2, 6, 3))
        tied = rng.random((6, 3)) < 0.5
        start[1][tied] = start[0][tied]
        code, where = np.repeat([0, 1], 18), np.tile(np.repeat(np.arange(6), 3), 2)
        found = passages_together(where, code, start.ravel(), start.ravel() + 5, [150] * 6)
        seen += bool(found.p_value[0] <= 0.05)
    assert seen >= 54


def test_codes_that_never_stand_in_one_document_have_nothing_to_test() -> None:
    found = passages_together([0, 1, 1], [0, 1, 2], [0, 0, 5], [3, 3, 8], [50, 60])
    assert found.testable.tolist() == [False, False, True]
    assert found.p_value[:2].tolist() == [1.0, 1.0]
    apart = passages_together([0, 1, 1], [0, 1, 1], [0, 0, 5], [3, 3, 8], [50, 60])
    assert (apart.testable.tolist(), apart.p_value.tolist()) == ([False], [1.0])
    nothing = passages_together([], [], [], [], [])
    assert len(nothing.p_value) == 0


def test_a_code_over_the_whole_document_shares_for_certain() -> None:
    found = passages_together([0, 0], [0, 1], [0, 3], [20, 6], [20])
    assert (int(found.together[0]), float(found.p_value[0])) == (3, 1.0)


def test_a_passage_that_leaves_its_document_is_refused() -> None:
    with pytest.raises(AnalysisError, match="empty or leaves"):
        passages_together([0], [0], [5], [12], [10])
    with pytest.raises(AnalysisError, match="without a length"):
        passages_together([1], [0], [5], [8], [10])
    with pytest.raises(AnalysisError, match="needs a document"):
        passages_together([0], [0, 1], [5], [8], [10])


def test_whole_documents_are_fishers_one_sided_test() -> None:
    from scipy import stats

    presence = np.random.default_rng(3).random((40, 5)) < 0.4
    found = documents_together(presence)
    for place, (a, b) in enumerate(zip(found.first, found.second, strict=True)):
        table = [[(presence[:, a] == x)[presence[:, b] == y].sum() for y in (True, False)] for x in (True, False)]
        assert found.p_value[place] == pytest.approx(stats.fisher_exact(table, "greater").pvalue, abs=1e-12)
    with pytest.raises(AnalysisError, match="no documents"):
        documents_together([])


passage = st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 30), st.integers(1, 25))


@settings(max_examples=40, deadline=None)
@given(st.lists(passage, max_size=20))
def test_what_two_codes_share_is_what_their_signs_have_in_common(passages: list[tuple[int, int, int, int]]) -> None:
    signs: list[set[tuple[int, int]]] = [set(), set(), set()]
    for document, code, start, length in passages:
        signs[code] |= {(document, place) for place in range(start, start + length)}
    columns = np.array(passages, dtype=np.int64).reshape(-1, 4).T
    found = text_shared(columns[0], columns[1], columns[2], columns[2] + columns[3], 3)
    assert found.tolist() == [[len(one & other) for other in signs] for one in signs]
