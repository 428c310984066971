"""How many planted errors `vvv audit` finds, and how often it is wrong, on texts that nobody tuned it to.

Each text of `audit_texts/` holds marks {{class|right|wrong}}. The clean text has every right reading; each error is planted alone.
It counts as found when a finding that the clean text does not have names the line it stands on. Texts named
one__a, one__b … are audited together, so that an error in one of them may only be seen beside the other.

    python benchmarks/audit.py [SET, a folder of audit_texts] [--as txt|html|docx] [--show]
"""

from __future__ import annotations

import argparse
import html
import re
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path

from vvvresearch.audit import Finding, audit, read_document

TEXTS = Path(__file__).parent / "audit_texts"
MARK = re.compile(r"\{\{(\w+)\|([^|{}]*)\|([^|{}]*)\}\}")


def planted(text: str) -> list[tuple[str, str, int, str]]:
    """The clean text first, then one text for each error: class, text, line, and the error in its words."""
    clean = MARK.sub(lambda match: match[2], text)
    found = [("", clean, 0, "")]
    for match in MARK.finditer(text):
        wrong = MARK.sub(lambda one: one[2], text[: match.start()]) + match[3] + MARK.sub(lambda one: one[2], text[match.end() :])
        before = MARK.sub(lambda one: one[2], text[: match.start()]).rpartition("\n")[2]
        told = f"{before[-60:]}«{match[2]}→{match[3]}»{MARK.sub(lambda one: one[2], text[match.end() :]).partition(chr(10))[0][:50]}"
        found.append((match[1], wrong, text[: match.start()].count("\n") + 1, told))
    return found


def written(text: str, kind: str, folder: Path) -> tuple[Path, list[int]]:
    """A file of a kind, and for each line of the text its line there."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{folder.name}.{kind}"
    if kind == "txt":
        path.write_text(text, encoding="utf-8")
        return path, list(range(1, text.count("\n") + 2))
    pieces = [(block.kind, block.level, block.text, block.lines, block.table) for block in blocks_of(text, folder)]
    if kind == "html":
        return path, as_html(pieces, path, text.count("\n") + 1)
    return path, as_docx(pieces, path, text.count("\n") + 1)


def blocks_of(text: str, folder: Path) -> list:  # type: ignore[type-arg]
    plain = folder / "plain.txt"
    plain.write_text(text, encoding="utf-8")
    return list(read_document(plain).blocks)


def rows_of(text: str, lines: tuple[int, ...], source: list[str]) -> list[tuple[list[str], int]]:
    found = []
    for line in lines:
        shown = source[line - 1].strip().strip("|")
        cells = shown.split("|") if "|" in shown else re.split(r" {2,}|\t", shown)
        found.append(([cell.strip().strip("*") for cell in cells], line))
    return found


def as_html(pieces: list, path: Path, count: int) -> list[int]:  # type: ignore[type-arg]
    source = (path.parent / "plain.txt").read_text(encoding="utf-8").split("\n")
    place = [0] * (count + 1)
    out = ["<!doctype html><html><head><title>x</title><style>p{}</style></head><body>"]
    for kind, level, text, lines, table in pieces:
        if table is not None:
            out.append("<table>")
            for cells, line in rows_of(text, lines, source):
                place[line - 1] = len(out) + 1
                out.append("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>")
            out.append("</table>")
            continue
        tag = {"heading": f"h{min(level + 1, 6)}", "item": "li", "caption": "p", "note": "p"}.get(kind, "p")
        for line in lines:
            place[line - 1] = len(out) + 1
        words = " ".join(text.split()).lstrip("•-# ") if kind == "item" else " ".join(text.split()).replace("**", "")
        out.append(f"<{tag}>{html.escape(words)}</{tag}>")
    path.write_text("\n".join([*out, "</body></html>"]), encoding="utf-8")
    return place


_DOCUMENT = (
    '<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
)


def as_docx(pieces: list, path: Path, count: int) -> list[int]:  # type: ignore[type-arg]
    source = (path.parent / "plain.txt").read_text(encoding="utf-8").split("\n")
    place = [0] * (count + 1)
    number, out = 0, [_DOCUMENT]

    def paragraph(words: str, style: str = "") -> str:
        properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
        return f"<w:p>{properties}<w:r><w:t xml:space='preserve'>{html.escape(words)}</w:t></w:r></w:p>"

    for kind, level, text, lines, table in pieces:
        if table is not None:
            out.append("<w:tbl>")
            for cells, line in rows_of(text, lines, source):
                number += 1
                place[line - 1] = number
                out.append("<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in cells) + "</w:tr>")
            out.append("</w:tbl>")
            continue
        number += 1
        for line in lines:
            place[line - 1] = number
        style = {"heading": f"Heading{max(level, 1)}", "item": "ListParagraph", "caption": "Caption"}.get(kind, "")
        words = " ".join(text.split()).lstrip("•-# ") if kind == "item" else " ".join(text.split()).replace("**", "")
        out.append(paragraph(words, style))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "".join([*out, "</w:body></w:document>"]))
    return place


def together(source: Path) -> list[Path]:
    """The texts that are audited in one call with a text, itself among them."""
    name, pair, _ = source.stem.partition("__")
    return sorted(source.parent.glob(f"{name}__*.txt")) if pair else [source]


def signature(finding: Finding) -> tuple[str, str]:
    return finding.kind, finding.what.say("en")


def main() -> None:
    """Print the table of found, missed and false."""
    parser = argparse.ArgumentParser()
    parser.add_argument("set", nargs="?", default="first")
    parser.add_argument("--as", dest="kind", default="txt")
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    found, all_errors, false, words = Counter[str](), Counter[str](), 0, 0
    started = time.perf_counter()
    for source in sorted((TEXTS / options.set).glob("*.txt")):
        others = [one for one in together(source) if one != source]
        before: set[tuple[str, str]] = set()
        for kind, text, line, told in planted(source.read_text(encoding="utf-8")):
            with tempfile.TemporaryDirectory() as folder:
                path, place = written(text, options.kind, Path(folder) / source.stem)
                beside = [
                    written(planted(one.read_text(encoding="utf-8"))[0][1], options.kind, Path(folder) / one.stem)[0] for one in others
                ]
                result = audit([path, *beside])
            own = [one for one in result.findings if any(where.file == path.name for where in one.places)]
            if not kind:
                before = {signature(one) for one in own}
                false += len(own)
                words += result.documents[0].words
                for one in own if options.show else ():
                    print(
                        f"FALSE {source.stem}: {one.kind}: {one.what.say('en')}", [(where.line, where.quote[:80]) for where in one.places]
                    )
                continue
            all_errors[kind] += 1
            new = [one for one in own if signature(one) not in before]
            hit = [one for one in new if any(where.file == path.name and where.line == place[line - 1] for where in one.places)]
            found[kind] += bool(hit)
            if options.show and not hit:
                print(f"MISSED {source.stem}:{line} {kind}: {told} ({[one.kind for one in new]})")
    print(f"\n{options.set} as {options.kind}, {time.perf_counter() - started:.0f} s")
    for kind in sorted(all_errors):
        print(f"{kind:12} {found[kind]:3} of {all_errors[kind]:3}")
    total = sum(all_errors.values())
    print(f"{'all':12} {sum(found.values()):3} of {total:3} = {100 * sum(found.values()) / total:.0f} %")
    print(f"false alarms {false} in {words} words = {1000 * false / words:.2f} per 1,000")


if __name__ == "__main__":
    main()
