"""Times the theme analyses on a generated project of full size: 1,000 interviews, 500 codes, 200,000 codings.

Run: python benchmarks/themes.py [--interviews 1000] [--codes 500] [--codings 200000]
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from vvvresearch.evidence import CODEBOOK_COLUMNS, REGISTER_COLUMNS, Codebook, Codings, Interviews
from vvvresearch.kinds import DataKind
from vvvresearch.themes import case_matrix, cooccurrence, double_coding, theme_table


def project(interviews: int, codes: int, codings: int, seed: int = 2021) -> tuple[Codings, Interviews]:
    """A coded project with random passages; two coders, one on a third of the interviews."""
    generator = np.random.default_rng(seed)
    paths = [f"tema {number % 10} > kode {number}" for number in range(codes)]
    parents = sorted({path.split(" > ")[0] for path in paths})
    book = pd.DataFrame([dict.fromkeys(CODEBOOK_COLUMNS, "") | {"code_path": path, "name": path} for path in [*parents, *paths]])
    sentence = "Vi mødes hver uge og taler om arbejde og hverdag. "
    length = 20_000
    texts = {f"i{number}": (sentence * (length // len(sentence) + 1))[:length] for number in range(interviews)}
    source = generator.integers(0, interviews, codings)
    start = generator.integers(0, length - 400, codings)
    end = start + generator.integers(20, 400, codings)
    coder = np.where((source % 3 == 0) & (generator.random(codings) < 0.5), "B", "A")
    frame = pd.DataFrame(
        {
            "source": [f"i{number}" for number in source],
            "start": start,
            "end": end,
            "text": "passage",
            "code_path": [paths[number] for number in generator.integers(0, codes, codings)],
            "coder": coder,
        }
    )
    rows = [
        dict.fromkeys(REGISTER_COLUMNS, "")
        | {"interview": name, "source": name, "respondent_group": "refugee" if number % 2 else "volunteer", "pair": f"p{number // 2}"}
        | {"wave": "1", "interpreter": False}
        for number, name in enumerate(texts)
    ]
    return Codings(frame, Codebook(book), texts, kind=DataKind.SYNTHETIC), Interviews(pd.DataFrame(rows), DataKind.SYNTHETIC)


def beside_nltk(codings: Codings, codes: int = 5) -> None:
    """nltk's alpha of a few codes beside ours of the same codes, on presence in documents; both times per code."""
    from nltk.metrics.agreement import AnnotationTask

    both = codings.frame.groupby("source")["coder"].nunique()
    documents = list(both.index[both == 2])
    paths = list(codings.frame["code_path"].drop_duplicates()[:codes])
    present = set(codings.frame[["coder", "source", "code_path"]].itertuples(index=False, name=None))
    begun = time.perf_counter()
    theirs = []
    for path in paths:
        triples = [(coder, document, str((coder, document, path) in present)) for coder in "AB" for document in documents]
        theirs.append(AnnotationTask(triples).alpha())
    their_time = (time.perf_counter() - begun) / codes
    begun = time.perf_counter()
    ours = double_coding(codings, unit="document").frame.set_index("code_path")
    our_time = (time.perf_counter() - begun) / (len(ours) - 1)
    assert all(abs(ours.loc[path, "alpha"] - alpha) < 1e-9 for path, alpha in zip(paths, theirs, strict=True))
    print(f"{'nltk, alpha of one code':<48} {their_time:6.3f} s   ours {our_time:.5f} s, ratio {their_time / our_time:.0f}, same values")


def main() -> None:
    """Print one line an analysis."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--interviews", type=int, default=1000)
    parser.add_argument("--codes", type=int, default=500)
    parser.add_argument("--codings", type=int, default=200_000)
    chosen = parser.parse_args()
    codings, interviews = project(chosen.interviews, chosen.codes, chosen.codings)
    work: dict[str, Callable[[], Any]] = {
        "theme table": lambda: theme_table(codings, interviews),
        "case × code": lambda: case_matrix(codings, interviews),
        "co-occurrence, shared text": lambda: cooccurrence(codings),
        "co-occurrence, documents, exact": lambda: cooccurrence(codings, within="document"),
        "nominal alpha of every code, documents": lambda: double_coding(codings, unit="document"),
    }
    for name, run in work.items():
        begun = time.perf_counter()
        run()
        print(f"{name:<48} {time.perf_counter() - begun:6.2f} s")
    beside_nltk(codings)
    print(f"{'largest memory':<48} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:6.0f} MB")


if __name__ == "__main__":
    main()
