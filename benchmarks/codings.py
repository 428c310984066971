"""How long reading and writing a large coded project takes, and how much memory it needs.

    python benchmarks/codings.py [--interviews 1000] [--codes 500] [--codings 200000] [--convention nvivo|plain] [--pairs 3]

The project is written the way an exporter writes it: one selection a coding, texts with a byte-order mark, line ends of
two characters and characters outside the basic plane, positions in UTF-16 units; so calibration has its full work. Each
step runs in a process of its own, so that its peak memory is its own. Before each, on the same file, the standard
library's XML parser alone reads the project file: less than that no reader can take. On a machine with other work the
ratio of such a pair's processor times tells what seconds do not; the median of all pairs is printed.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
import zipfile
from pathlib import Path
from xml.sax.saxutils import quoteattr

WORDS = [
    "vi",
    "mødtes",
    "første",
    "gang",
    "på",
    "biblioteket",
    "og",
    "hun",
    "viste",
    "mig",
    "hvordan",
    "man",
    "kører",
    "med",
    "bus",
    "til",
    "lægen",
    "hver",
    "tirsdag",
    "🙂",
    "børnene",
    "leger",
]


def write_project(path: Path, interviews: int, codes: int, codings: int, convention: str) -> None:
    """A project of this size, seeded; quotes only in the plain convention, as in NVivo there are none."""
    rng = random.Random(1)
    guids = (str(uuid.UUID(int=rng.getrandbits(128))).upper() for _ in range(10**9))
    code_ids = [next(guids) for _ in range(codes)]
    user_ids = [next(guids) for _ in range(4)]
    per_interview = -(-codings // interviews)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("project.qde", "w", force_zip64=True) as qde:

        def put(text: str) -> None:
            qde.write(text.encode())

        put('<?xml version="1.0" encoding="utf-8"?><Project xmlns="urn:QDA-XML:project:1.0" name="large" origin="NVivo"><Users>')
        put("".join(f'<User guid="{key}" name="coder {n}"/>' for n, key in enumerate(user_ids)))
        put("</Users><CodeBook><Codes>")
        for number, key in enumerate(code_ids):
            put(f'<Code guid="{key}" name="code {number}" isCodable="true">')
            put("</Code>" * (3 if number % 3 == 2 else 0) if number < codes - 1 else "</Code>" * (number % 3 + 1))
        put("</Codes></CodeBook><Sources>")
        texts = []
        for number in range(interviews):
            words = [rng.choice(WORDS) for _ in range(3000)]
            text = " ".join(word + ("\n" if rng.random() < 0.04 else "") for word in words)
            place, starts = 0, []
            for word in text.split(" "):
                starts.append((place, place + len(word.rstrip("\n"))))
                place += len(word) + 1
            counts = [0]
            for letter in text:
                doubled = convention == "nvivo" and (letter == "\n" or ord(letter) > 0xFFFF)
                counts.append(counts[-1] + 1 + doubled)
            key = next(guids)
            put(f'<TextSource guid="{key}" name="interview {number}" plainTextPath="internal://{key}.txt">')
            for _ in range(per_interview):
                first = rng.randrange(len(starts) - 40)
                begin, end = starts[first][0], starts[first + rng.randint(3, 39)][1]
                quote = text[begin:end] if len(text[begin:end]) <= 100 else text[begin : begin + 100] + "…"
                name = "" if convention == "nvivo" else f" name={quoteattr(quote)}"
                put(f'<PlainTextSelection guid="{next(guids)}"{name} startPosition="{counts[begin]}" endPosition="{counts[end]}">')
                put(f'<Coding guid="{next(guids)}" creatingUser="{rng.choice(user_ids)}"><CodeRef targetGUID="{rng.choice(code_ids)}"/>')
                put("</Coding></PlainTextSelection>")
            put("</TextSource>")
            texts.append((key, "\ufeff" + text.replace("\n", "\r\n") if convention == "nvivo" else text))
        put("</Sources></Project>")
        qde.close()
        for key, text in texts:
            archive.writestr(f"Sources/{key}.txt", text)


def step(name: str, path: Path) -> dict[str, float]:
    """One step in a process of its own: seconds and peak memory in MB."""
    done = subprocess.run([sys.executable, __file__, "--step", name, "--path", str(path)], capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def run_step(name: str, path: Path) -> None:
    """The work of one step."""
    import vvvresearch as vvv

    begin, worked = time.perf_counter(), time.process_time()
    rows = 0
    if name == "parse":
        import xml.etree.ElementTree as ET

        with zipfile.ZipFile(path) as archive:
            rows = sum(1 for _ in ET.fromstring(archive.read("project.qde")).iter())
    else:
        codings = vvv.read_codings(path)
        rows = len(codings.frame)
        if name == "write":
            begin, worked = time.perf_counter(), time.process_time()
            vvv.write_refi(codings, path.with_name("written.qdpx"))
    seconds, work = time.perf_counter() - begin, time.process_time() - worked
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "work": work, "memory": memory, "rows": rows}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--interviews", type=int, default=1000)
    parser.add_argument("--codes", type=int, default=500)
    parser.add_argument("--codings", type=int, default=200_000)
    parser.add_argument("--convention", choices=["nvivo", "plain"], default="nvivo")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--step")
    parser.add_argument("--path", type=Path)
    options = parser.parse_args()
    if options.step:
        run_step(options.step, options.path)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.qdpx"
        write_project(path, options.interviews, options.codes, options.codings, options.convention)
        size = f"{options.interviews:,} interviews, {options.codes:,} codes, {options.codings:,} codings"
        print(f"{size}, {path.stat().st_size / 1e6:.0f} MB packed")
        for name, words in (("read", "read_codings"), ("write", "write_refi")):
            pairs = [(step("parse", path), step(name, path)) for _ in range(options.pairs)]
            alone, own = (min(one["work"] for one in side) for side in zip(*pairs, strict=True))
            ratio = statistics.median(result["work"] / parser["work"] for parser, result in pairs)
            memory = max(result["memory"] for _, result in pairs)
            times = f"processor {own:5.1f} s, parser alone {alone:5.1f} s, ratio {ratio:4.2f}"
            print(f"{words:12} {times}, peak {memory:5.0f} MB, {pairs[0][1]['rows']:,.0f} rows")


if __name__ == "__main__":
    main()
