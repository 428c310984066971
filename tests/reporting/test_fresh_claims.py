"""Sentences by evaluators, ministries and journalists, bound in a made-up round: true ones stand, contradictions stop the report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from claim_rounds import ROUNDS
from claim_sets import bound, hung, names, read_set, refused

import vvvresearch as vvv
from vvvresearch.locales import Lang
from vvvresearch.reporting import Claims
from vvvresearch.rounds import Round


@pytest.fixture(scope="module")
def rounds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[Lang, Claims]]:
    return {name: _claims(build, tmp_path_factory.mktemp(name)) for name, build in ROUNDS.items()}


def _claims(build: Callable[[Path], str], root: Path) -> dict[Lang, Claims]:
    opened = vvv.open_round(build(root), root=root)
    return {"da": Claims(lambda: opened, "da"), "en": Claims(lambda: opened, "en")}


# `python benchmarks/claims.py` tries all of them, hung and moved too; here a part of them serves.
@pytest.mark.parametrize("name", names())
def test_true_sentences_stand_and_contradictions_stop(name: str, rounds: dict[str, dict[Lang, Claims]]) -> None:
    where, sentences = read_set(name)
    tried = sentences[:: len(sentences) // 12]
    wrong = [one.text for one in tried if (one.kind == "holds") == bool(refused(bound(one.text, one.address), rounds[where][one.lang]))]
    assert wrong == []


def test_what_stops_alone_stops_behind_a_true_claim(rounds: dict[str, dict[Lang, Claims]]) -> None:
    where, sentences = read_set("fifth")
    false = [one for one in sentences if one.kind == "stops" and one.lang == "da"]
    joints = (" og ", ", fordi ", ", hvor ", " – ", ", for ")
    texts = [hung(one.text, joints[place % len(joints)], where, "da") for place, one in enumerate(false)]
    assert [text for text in texts if not refused(text, rounds[where]["da"])] == []


def test_a_true_sentence_moved_to_another_number_stops(rounds: dict[str, dict[Lang, Claims]]) -> None:
    where, sentences = read_set("fourth")
    true = [one for one in sentences if one.kind == "holds"]
    moved = [(one, true[(place + 17) % len(true)].address) for place, one in enumerate(true)]
    passed = [
        one.text for one, address in moved if one.address != address and not refused(bound(one.text, address), rounds[where][one.lang])
    ]
    assert len(passed) <= 0.05 * len(moved), passed


@pytest.mark.parametrize("lang", ["da", "en"])
def test_every_sentence_that_is_offered_stands_when_it_is_pasted(lang: Lang, rounds: dict[str, dict[Lang, Claims]]) -> None:
    claims = rounds["region"][lang]
    addresses = [f"goal.G-{number}" for number in range(1, 6)] + ["courses.total.rows", "counts.aktive-2025.value"]
    addresses += [f"kommuner-2025.{item}.{code}" for item in ("aftale", "kender") for code in ("ja", "nej")]
    addresses += [f"kommuner-2024~kommuner-2025.{item}.{code}" for item in ("aftale", "henviser", "lokaler") for code in ("ja", "nej")]
    addresses += ["kommuner-2025~ledere-2025.udbytte_dansk.hoej", "kommuner-2025.barrierer.frivillige", "kommuner-2025.barrierer.boern"]
    addresses += ["themes.udbytte/netværk.volunteer.persons_affirmed", "map.tillid/sprog.informants", "presence.2025-05.present.n"]
    offered = [(address, sentence) for address in addresses for sentence in claims.sentences(address)]
    assert len(offered) >= 2 * len(addresses)
    assert [(address, sentence) for address, sentence in offered if refused(bound(sentence, address), claims)] == []


def test_a_change_is_told_only_where_its_question_holds_beside_all_the_rounds_tables(
    rounds: dict[str, dict[Lang, Claims]], monkeypatch: pytest.MonkeyPatch
) -> None:
    stem, opened = "kommuner-2024~kommuner-2025.lokaler", rounds["region"]["da"]._opened
    shared = opened().families()
    tested = float(shared["rows"].frame.set_index("row").loc[f"{stem}.ja", "p_adjusted"])
    # Four tables, two of which say something: what may be told has a p of half the usual level.
    assert shared.totals["level"].value == 0.05 * 2 / 4
    # "No" is described and follows "yes", which was tested.
    sentences = [
        bound("Andelen med lokaler er faldet", f"{stem}.ja"),
        bound("Andelen uden lokaler er steget", f"{stem}.nej"),
    ]
    for limit, stands in ((tested, True), (tested / 2, False)):
        monkeypatch.setattr(Round, "may_be_told", lambda self, p, limit=limit: p <= limit)
        claims = Claims(opened, "da")
        assert [not refused(sentence, claims) for sentence in sentences] == [stands, stands]
    reasons = ("fortælles under ét", "beskrevet og ikke testet")
    for code, reason in zip(("ja", "nej"), reasons, strict=True):
        assert any(reason in sentence for sentence in claims.sentences(f"{stem}.{code}"))
