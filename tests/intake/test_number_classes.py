"""Ages, times and amounts in classes stand from low to high, however they are worded; other words are no classes."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.intake._scales import scale_of

UNITS = ("", " år", " måneder", " mdr.", " timer", " gange", " years", " %")
FIRST = ("Under {0}{unit}", "Mindre end {0}{unit}", "Less than {0}{unit}", "<{0}{unit}", "Op til {0}{unit}")
MIDDLE = ("{0}-{1}{unit}", "{0} – {1}{unit}", "{0} til {1}{unit}", "Mellem {0} og {1}{unit}", "{0} to {1}{unit}")
LAST = ("{0}{unit} eller derover", "{0}{unit} og opefter", "{0}+{unit}", "{0}{unit} eller mere", "{0}{unit} or more", "Mindst {0}{unit}")
NO_CLASSES = (
    ("Ja", "Nej", "Måske"),
    ("Klasse 1", "Klasse 2", "Klasse 3"),
    ("2019", "2020", "2021"),
    ("1. halvår 2020", "2. halvår 2020", "1. halvår 2021"),
    ("Under forløbet", "Efter forløbet", "Før forløbet"),
    ("Ingen", "Kun én", "Begge"),
    ("1-2 år", "1-2 år siden", "Over 2 år"),
    ("18-29", "18-24", "25+"),
)
# By hand, low to high.
MIXED_UNITS = (
    ("Under ½ år", "½-1 år", "1-2 år", "Over 2 år"),
    ("Mindre end 3 uger", "3 uger til 2 måneder", "2-6 måneder", "½ år eller mere", "Mere end et år"),
    ("Under et halvt år", "Et halvt til et helt år", "Over et år"),
    ("Under 10.000 kr.", "10.000-19.999 kr.", "20.000 kr. eller mere"),
)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_classes_of_any_wording_stand_from_low_to_high(data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(2, 99), min_size=3, max_size=6)))
    unit = data.draw(st.sampled_from(UNITS))
    first, middle, last = (data.draw(st.sampled_from(wordings)) for wordings in (FIRST, MIDDLE, LAST))
    labels = [first.format(cuts[0], unit=unit)]
    labels += [middle.format(low, high - 1 if high - low > 1 else high, unit=unit) for low, high in pairwise(cuts)]
    labels.append(last.format(cuts[-1], unit=unit))
    found = scale_of(data.draw(st.permutations(labels)))
    assert (found.name, list(found.order)) == ("band", labels)


def test_halves_and_units_beside_each_other_stand_by_their_length() -> None:
    for labels in MIXED_UNITS:
        assert scale_of(sorted(labels, key=len)).order == labels


def test_words_and_names_with_numbers_are_no_classes() -> None:
    assert [labels for labels in NO_CLASSES if scale_of(labels).name == "band"] == []
