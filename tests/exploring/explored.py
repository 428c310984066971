"""What the tests of exploring share: the demo round, and a small round of codings made up here."""

from __future__ import annotations

import csv
import io
from functools import cache
from pathlib import Path

import pandas as pd

import vvvresearch as vvv
from vvvresearch.evidence import Codebook, Codings, Interviews
from vvvresearch.rounds import Round


@cache
def demo() -> Round:
    return vvv.open_round("demo", lang="en")


def made_up() -> tuple[Codings, Interviews]:
    rows = [
        ("a", 0, 4, "Ro", "x", "affirmed"),
        ("a", 5, 9, "Ro > Søvn", "y", "contradicted"),
        ("b", 0, 4, "Ro > Søvn", "x", "affirmed"),
        ("c", 0, 4, "Mod", "x", "contradicted"),
    ]
    frame = pd.DataFrame(rows, columns=["source", "start", "end", "code_path", "coder", "stance"]).assign(text="word")
    words = dict.fromkeys(("definition", "inclusion", "exclusion", "examples", "color", "guid"), "")
    tree = {"code_path": ["Ro", "Ro > Søvn", "Mod"], "name": ["Ro", "Søvn", "Mod"], "parent": ["", "Ro", ""]}
    book = Codebook(pd.DataFrame(tree).assign(is_codable=True, **words))
    texts = dict.fromkeys("abcd", "word word word")
    register = pd.DataFrame({"interview": list("ABCD"), "person": ["p", "q", "q", "r"], "source": list("abcd")}).assign(
        pair="", respondent_group=["refugee", "refugee", "refugee", "volunteer"], wave="1", interpreter=False, month="", coded_by=""
    )
    consent = {"consent_analysis": True, "consent_quote": [True, True, True, False]}
    return Codings(frame, book, texts), Interviews(register.assign(**consent))


SCRIPT = '<img src=x onerror="document.title=1"><script>document.title = 2</script> =HYPERLINK("x") $x^2$ {{< var a >}}'
SECRET = "hemmeligheden"


def written_round(folder: Path, turns: int = 12) -> Round:
    """A workspace with one made-up round: two coders, memos, a refused transcript, one with scripts, one that is not there."""
    texts = {
        "t1": "\n".join(f"Spørger: Hvad så {n}?\nAmina: Vi drak kaffe på bænken {n}. Så talte vi dansk." for n in range(turns)),
        "t2": f"Spørger: Hvad?\nBo: Her er {SCRIPT} og kaffe.",
        "t3": f"Spørger: Hvad?\nCarl: Det er {SECRET} og kaffe.",
    }
    rows = ["interview,person,pair,respondent_group,wave,month,mode,interpreter,age_band,sex,source,consent_analysis,consent_quote"]
    people = [
        ("i1", "refugee", "t1", "true"),
        ("i2", "volunteer", "t2", "true"),
        ("i3", "refugee", "t3", "false"),
        ("i4", "refugee", "t4", "true"),
    ]
    rows += [f"{name},{name}-p,,{group},1,2021-06,phone,false,30-39,female,{source},true,{quote}" for name, group, source, quote in people]
    rows += ["i5,i5-p,,volunteer,1,2021-06,phone,false,30-39,male,,true,true"]
    marks = [
        ("t1", "drak kaffe på bænken", "Ro > Kaffe", "a", "affirmed", "et memo"),
        ("t1", "drak kaffe på bænken", "Ro > Kaffe", "b", "affirmed", ""),
    ]
    marks += [("t1", "talte vi dansk", "Dansk", "a", "contradicted", ""), ("t2", SCRIPT, "Ro", "a", "affirmed", SCRIPT)]
    marks += [("t3", f"Det er {SECRET}", "Ro", "a", "affirmed", f"memo om {SECRET}"), ("t2", "og kaffe", "Ro > Kaffe", "b", "affirmed", "")]
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["source", "start", "end", "text", "code_path", "coder", "stance", "memo", "data_kind"])
    for source, words, *rest in marks:
        start = texts[source].index(words)
        writer.writerow([source, start, start + len(words), words, *rest, "synthetic"])
    heading = "code_path,name,parent,is_codable,definition,inclusion,exclusion,examples,color,guid"
    codes = ("Ro,Ro,", "Ro > Kaffe,Kaffe,Ro", "Dansk,Dansk,")
    book = "\n".join([heading, *(f"{code},True,,,,,," for code in codes)]) + "\n"
    files = {f"interviews/mini/transcripts/{name}.txt": text for name, text in texts.items()}
    files |= {
        "interviews/mini/interviews.csv": "\n".join(rows) + "\n",
        "interviews/mini/codings.csv": table.getvalue(),
        "interviews/mini/codebook.csv": book,
    }
    files["rounds/mini/municipalities.csv"] = "code,name,region,tile_row,tile_column\n9001,Vimpellev,Østegnen,6,20\n"
    files["rounds/mini/round.toml"] = """schema_version = 1
id = "mini"
title = { da = "En lille runde", en = "A small round" }
period = { start = 2021-01-01, end = 2021-12-31 }
languages = ["da", "en"]
report_type = "note"
kind = "synthetic"
municipalities = "rounds/mini/municipalities.csv"
notebooks = []
subgroups = { split = false, statement = { da = "Ikke delt.", en = "Not split." } }

[[sources]]
id = "interviews"
type = "interviews"
path = "interviews/mini/interviews.csv"
title = { da = "Register", en = "Register" }

[[sources]]
id = "codings"
type = "codings"
path = "interviews/mini/codings.csv"
codebook = "interviews/mini/codebook.csv"
texts = "interviews/mini/transcripts"
title = { da = "Kodninger", en = "Codings" }
"""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return vvv.open_round("mini", root=folder)
