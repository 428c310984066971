"""What every reader makes of damaged files: seeded mutations and truncations of files of every kind that is read.

    python benchmarks/fuzz.py [--mutations 2000] [--truncations 10000] [--only .sav,.qdpx] [--seed 1]

Both numbers are over all readers together. Each read runs in a process that may grow by 1 GB and is stopped after 5 seconds. A read ends
in one of: a clear error of this project, the whole (as much as the undamaged file holds, or more), a part that is told as a loss, a part
that is not told ("silently shorter"), or what must not happen: another error, more than 5 seconds, more than 1 GB, a process that died.
Plain tables and texts have no end that a reader could miss: cut at a line's end they are a whole file of their own. They are shown apart.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import multiprocessing
import random
import resource
import shutil
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SECONDS, GIGABYTE = 5.0, 1 << 30
DEMO = ("interviews/demo", "surveys/demo")
Outcome = tuple[str, str]  # what became of a read, and which error it was


def seeds(folder: Path) -> dict[str, Path]:
    """One small whole file of every kind, by the name of its reader and its ending."""
    sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "sources"), str(ROOT / "tests")]
    import test_codings_damaged as damaged  # type: ignore[import-not-found]

    import vvvresearch as vvv
    from vvvresearch.reporting import render_staged

    found: dict[str, Path] = {}
    for build in damaged.BUILDERS:
        place = folder / build.__name__
        place.mkdir()
        path = build(place)
        found[f"codings {path.suffix} {build.__name__}"] = path
    interviews, surveys = (ROOT / name for name in DEMO)
    found["codebook .qdc"] = interviews / "demo.qdc"
    found["codebook .csv"] = interviews / "codebook.csv"
    found["mappings .yaml"] = sorted((interviews / "mappings").glob("*.yaml"))[0]
    found["configurations .yaml"] = interviews / "configurations.yaml"
    found["theory .toml"] = interviews / "theory-of-change.toml"
    found["ledger .toml"] = interviews / "ledger.toml"
    found["interviews .csv"] = interviews / "interviews.csv"
    found["questionnaire .toml"] = surveys / "workshop-2021.toml"
    for ending in (".csv", ".xlsx", ".sav"):
        found[f"survey {ending}"] = surveys / f"workshop-2021{ending}"
    survey = vvv.read_survey(found["survey .sav"])
    found["survey .zsav"] = vvv.write_survey(survey, folder / "workshop.zsav")
    for path in sorted((ROOT / "tests" / "data" / "reference").rglob("*.por"))[:1]:
        found["survey .por"] = path
    for kind in ("courses", "counts", "monitoring", "matches"):
        found[f"{kind} .csv"] = surveys / f"{kind}.csv"
    found["round .toml"] = ROOT / "rounds" / "demo-2019" / "round.toml"
    found["text .docx"] = _word(folder / "interview.docx")
    found["text .html"] = folder / "page.html"
    page = f"<!doctype html><html lang='da'><title>T</title><p>{_PROSE}</p><table><tr><td>7</td></tr></table></html>"
    found["text .html"].write_text(page, encoding="utf-8")
    found["text .ipynb"] = _notebook(folder / "chapter.ipynb")
    found["text .pdf"] = _pdf(folder, render_staged)
    return found


_PROSE = "Vi mødtes på biblioteket, og så talte vi om arbejde og skole. " * 12


def _word(path: Path) -> Path:
    body = "".join(f"<w:p><w:r><w:t>{_PROSE[:200]}</w:t></w:r></w:p>" for _ in range(8))
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>')
    return path


def _notebook(path: Path) -> Path:
    cell = {"cell_type": "markdown", "metadata": {}, "source": [_PROSE]}
    path.write_text(json.dumps({"cells": [cell] * 4, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")
    return path


def _pdf(folder: Path, render: Callable[..., Any]) -> Path:
    source = folder / "pdf-source"
    source.mkdir()
    (source / "report.qmd").write_text(f"---\ntitle: T\nlang: da\n---\n\n# Afsnit\n\n{_PROSE}\n", encoding="utf-8")
    render(source, folder / "pdf", formats=("pdf",), engine="embedded")
    return next((folder / "pdf").rglob("*.pdf"))


def read(kind: str, path: Path) -> tuple[int, bool]:
    """How much of a file is read, and whether something is told as lost."""
    import vvvresearch as vvv
    from vvvresearch import sources
    from vvvresearch.files import read_toml
    from vvvresearch.privacy import file_texts

    reader, ending = kind.split()[:2]
    if reader == "codings":
        codings = vvv.read_codings(path)
        return len(codings.frame), bool(codings.losses)
    if reader == "codebook":
        return len(vvv.read_codebook(path).frame), False
    if reader == "mappings":
        mappings = vvv.read_mappings(path)
        return len(mappings.links) + len(mappings.nodes), bool(mappings.losses)
    if reader == "survey":
        survey = vvv.read_survey(path, DEMO_QUESTIONS if ending in (".csv", ".xlsx") else None)
        return survey.answers.shape[0] * survey.answers.shape[1], bool(survey.losses)
    if reader == "questionnaire":
        from vvvresearch.evidence import read_questionnaire

        return len(read_questionnaire(path).items), False
    if reader == "configurations":
        configurations = sources.read_configurations(path)
        return len(configurations.records) + len(configurations.passages), bool(configurations.losses)
    if reader == "theory":
        return len(str(sources.read_theory(path))), False
    if reader == "ledger":
        return len(sources.read_ledger(path)), False
    if reader == "round":
        return len(str(read_toml(path))), False
    if reader == "text":
        return sum(len(piece.text) for piece in file_texts(path)), False
    municipalities = {"municipalities": KNOWN} if reader in ("interviews", "monitoring", "matches") else {}
    register = getattr(sources, f"read_{reader}")(path, **municipalities)
    return len(register.frame), False


KNOWN = [row.split(",")[0] for row in (ROOT / "rounds" / "demo" / "municipalities.csv").read_text(encoding="utf-8").splitlines()[1:]]
DEMO_QUESTIONS = ROOT / "surveys" / "demo" / "workshop-2021.toml"


_PUT_IN = (b"9" * 30, b"-1", b"\x00" * 8, b"<a>" * 300, b"[" * 300, b"\xff\xfe", b"1e999", b"\xe2\x80\xae")


def mutated(data: bytes, rng: random.Random) -> bytes:
    """The file with a few bytes changed, cut out, doubled or put in; of a package, every other time, one of its members."""
    if data[:2] == b"PK" and rng.random() < 0.5:
        return _member_mutated(data, rng)
    changed = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        if not changed:
            break
        place, length = rng.randrange(len(changed)), rng.randint(1, 40)
        way = rng.randrange(6)
        if way == 0:
            changed[place] ^= 1 << rng.randrange(8)
        elif way == 1:
            changed[place] = rng.choice((0, 255, 10, 34, 38, 60, 44, rng.randrange(256)))
        elif way == 2:
            del changed[place : place + length]
        elif way == 3:
            changed[place:place] = changed[place : place + length] * rng.choice((1, 2, 50))
        elif way == 4:
            changed[place:place] = rng.choice(_PUT_IN)
        else:
            changed[place : place + 4] = rng.choice((b"\xff\xff\xff\x7f", b"\x00\x00\x00\x80", b"\xff\xff\xff\xff", b"\x00\x00\x00\x00"))
    return bytes(changed)


def _member_mutated(data: bytes, rng: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    chosen = rng.choice(sorted(name for name in members if members[name]))
    members[chosen] = mutated(members[chosen].removeprefix(b"PK"), rng)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def _serve(pipe: Connection, folder: str) -> None:
    """Read what is sent, one file after the other, and say what became of it."""
    import vvvresearch.privacy
    import vvvresearch.sources  # noqa: F401
    from vvvresearch.errors import VvvError

    limited = False
    while True:
        kind, name, data = pipe.recv()
        path = Path(folder) / name
        path.write_bytes(data)
        if not limited and kind == "":
            used = int(Path("/proc/self/statm").read_text().split()[5]) * resource.getpagesize()
            resource.setrlimit(resource.RLIMIT_DATA, (used + GIGABYTE, used + GIGABYTE))
            limited = True
            pipe.send((0, False, "", ""))
            continue
        try:
            size, told = read(kind, path)
            pipe.send((size, told, "read", ""))
        except VvvError as problem:
            pipe.send((0, True, "clear error", type(problem).__name__))
        except MemoryError:
            pipe.send((0, True, "over 1 GB", ""))
        except BaseException as problem:  # whatever it is, it is told and counted
            where = traceback.extract_tb(problem.__traceback__)[-1]
            pipe.send((0, True, "traceback", f"{type(problem).__name__} at {Path(where.filename).name}:{where.lineno}"))


class Reader:
    """A process that reads, and is started anew when it is stopped."""

    def __init__(self, folder: Path, warm: dict[str, Path]) -> None:
        self.folder, self.warm = folder, warm
        self.start()

    def start(self) -> None:
        """Start, read every whole file once so that all is loaded, then limit the memory."""
        self.pipe, other = multiprocessing.Pipe()
        self.process = multiprocessing.get_context("fork").Process(target=_serve, args=(other, str(self.folder)), daemon=True)
        self.process.start()
        other.close()
        self.whole = {kind: self._ask(kind, path.name, path.read_bytes(), 60)[0] for kind, path in self.warm.items()}
        self._ask("", "limit", b"", 60)

    def _ask(self, kind: str, name: str, data: bytes, seconds: float) -> tuple[int, bool, str, str]:
        self.pipe.send((kind, name, data))
        try:
            if self.pipe.poll(seconds):
                return self.pipe.recv()  # type: ignore[no-any-return]
            state = "over 5 s"
        except EOFError:
            state = "died"
        self.process.kill()
        self.process.join()
        return 0, True, state, ""

    def outcome(self, kind: str, name: str, data: bytes) -> Outcome:
        """What became of one damaged file."""
        size, told, state, which = self._ask(kind, name, data, SECONDS)
        if state in ("over 5 s", "died"):
            self.start()
        if state != "read":
            return state, which
        if size >= self.whole[kind]:
            return "whole", ""
        return ("part, told" if told else "silently shorter"), ""


def damaged(whole: dict[str, Path], mutations: int, truncations: int, seed: int) -> Iterator[tuple[str, str, bytes]]:
    """(kind, what was done, damaged content), the same for the same seed."""
    for kind, path in whole.items():
        data, rng = path.read_bytes(), random.Random(f"{seed} {kind}")
        for _ in range(max(1, round(mutations / len(whole)))):
            yield kind, "mutation", mutated(data, rng)
        for _ in range(max(1, round(truncations / len(whole)))):
            yield kind, "truncation", data[: rng.randrange(len(data))]


def main() -> int:
    """Print a table of outcomes by reader; 1 where something happened that must not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mutations", type=int, default=2000)
    parser.add_argument("--truncations", type=int, default=10_000)
    parser.add_argument("--only", default="", help="endings or readers, comma-separated")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="vvv-fuzz-"))
    (folder / "seeds").mkdir()
    (folder / "work").mkdir()
    try:
        whole = seeds(folder / "seeds")
        chosen = [part for part in given.only.split(",") if part]
        whole = {kind: path for kind, path in whole.items() if not chosen or any(part in kind for part in chosen)}
        reader = Reader(folder / "work", whole)
        empty = [kind for kind, size in reader.whole.items() if size <= 0]
        if empty:
            print("nothing is read of the undamaged", ", ".join(empty))
            return 1
        counts: dict[str, Counter[str]] = {kind: Counter() for kind in whole}
        which: Counter[str] = Counter()
        start = time.perf_counter()
        for kind, done, data in damaged(whole, given.mutations, given.truncations, given.seed):
            state, error = reader.outcome(kind, whole[kind].name, data)
            counts[kind][state] += 1
            if state in _BAD:
                which[f"{kind}: {state} {error} ({done})"] += 1
        _print(counts, which, time.perf_counter() - start)
        return 1 if which else 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)


_STATES = ("clear error", "whole", "part, told", "silently shorter", "traceback", "over 5 s", "over 1 GB", "died")
_BAD = _STATES[4:]
# A text that is cut at the end of a line is a whole text: nothing in it says how long it was.
_WITHOUT_AN_END = (".csv", ".yaml", ".toml", ".html")


def _print(counts: dict[str, Counter[str]], which: Counter[str], seconds: float) -> None:
    out = csv.writer(sys.stdout, delimiter="\t", lineterminator="\n")
    out.writerow(["reader", "reads", *_STATES])
    for kind, count in counts.items():
        out.writerow([kind, count.total(), *(count[state] for state in _STATES)])
    for label, kinds in (
        ("all", list(counts)),
        ("with an end", [kind for kind in counts if kind.split()[1] not in _WITHOUT_AN_END]),
        ("without an end", [kind for kind in counts if kind.split()[1] in _WITHOUT_AN_END]),
    ):
        whole: Counter[str] = sum((counts[kind] for kind in kinds), Counter())
        out.writerow([label, whole.total(), *(whole[state] for state in _STATES)])
        if whole.total():
            print(f"{label}: {100 * whole['silently shorter'] / whole.total():.2f} % silently shorter")
    for line, number in which.most_common():
        print(f"{number} × {line}")
    print(f"{seconds:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
