"""The register of materials: what was published, for whom and in which language."""

from __future__ import annotations

import pandas as pd

from vvvresearch.evidence import Register
from vvvresearch.locales import Phrase
from vvvresearch.monitoring._records import cells_of, records, stated, words_of
from vvvresearch.results import Base, Column, Measure, Result, Total


def materials(register: Register | pd.DataFrame) -> Result:
    """Materials in the order in which they were published, with their number by type.

    Args:
        register: one row a material: material (id), title, published, material_type, and where known audience, language, copies.

    Returns:
        Result; frame material, title, published, material_type and what else is known. Addresses `materials.<material>.copies`. Totals:
        `n`, `copies`. Part `types`: material_type, n, copies.

    Raises:
        AnalysisError: no table, or columns are missing.

    Example:
        >>> rows = {"material": ["F1"], "title": ["Kom i gang"], "published": ["2021-03-01"], "material_type": ["folder"], "copies": [500]}
        >>> materials(pd.DataFrame(rows)).cell("materials.total.copies").value
        500
    """
    known = records(register, "materials", ("material", "title", "published", "material_type"))
    counted = "copies" in known.frame.columns
    further = [name for name in ("audience", "language") if (cells_of(known.frame, name) != "").any()]
    names = ["material", "title", "published", "material_type", *further]
    frame = pd.DataFrame({name: cells_of(known.frame, name).to_numpy() for name in names})
    if counted:
        frame["copies"] = pd.array(pd.to_numeric(known.frame["copies"]).to_numpy(), dtype="Int64")
    frame = frame.sort_values(["published", "material"], kind="stable", ignore_index=True)
    numbers = ["copies"] if counted else []
    base = Base(len(frame), "material")
    groups = frame.assign(material_type=stated(frame["material_type"])).groupby("material_type", sort=True)
    types = groups.size().reset_index(name="n")
    if counted:
        types["copies"] = groups["copies"].sum().to_numpy()
    copies = (Column("copies", Phrase("monitoring.copies"), "count"),) if counted else ()
    return Result(
        frame=frame,
        base=base,
        title=Phrase("monitoring.materials_title"),
        shows=(*(Column(name, Phrase(f"monitoring.{name}")) for name in names if name != "material"), *copies),
        kind=known.kind,
        at="materials",
        keys=("material",),
        measures=tuple(Measure(name, of="") for name in numbers),
        labels={
            "material_type": words_of(frame["material_type"], "material"),
            **({"audience": words_of(frame["audience"], "audience")} if "audience" in further else {}),
        },
        totals={"n": Total(len(frame), base), **{name: Total(int(frame[name].sum()), base) for name in numbers}},
        parts={
            "types": Result(
                frame=types,
                base=base,
                title=Phrase("monitoring.material_types"),
                shows=(
                    Column("material_type", Phrase("monitoring.material_type")),
                    Column("n", Phrase("monitoring.materials_title"), "count"),
                    *copies,
                ),
                kind=known.kind,
                at="materials/types",
                keys=("material_type",),
                measures=tuple(Measure(name, of="") for name in ("n", *numbers)),
                labels={"material_type": words_of(types["material_type"], "material")},
            )
        },
    )
