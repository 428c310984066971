"""Times the scan for identifiers on Danish interviews repeated to a given size, in one process and in two.

Run: python benchmarks/privacy.py [--megabytes 20] [--presidio]

`--presidio` times presidio-analyzer on the same text, where it is installed: its own pattern recognisers for e-mail addresses, telephone
numbers and accounts, a pattern for civil registration numbers, and no model for names, since it has none for Danish that can be shipped.
"""

from __future__ import annotations

import argparse
import re
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path


def interviews(megabytes: float) -> str:
    """The demo's interviews without their markup, over and over."""
    texts = sorted((Path(__file__).parents[1] / "demo" / "texts").glob("*.txt"))
    once = "\n".join(re.sub(r"\{\{[^|}]*\||\}\}", "", path.read_text(encoding="utf-8").split("---", 1)[-1]) for path in texts)
    return once * max(1, round(megabytes * 1e6 / len(once.encode())))


def count_ours(text: str) -> int:
    """Findings of this project."""
    from vvvresearch.privacy import scan_text

    return len(scan_text(text))


def count_presidio(text: str) -> int:
    """Findings of presidio by patterns alone."""
    import spacy
    from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine
    from presidio_analyzer.predefined_recognizers import EmailRecognizer, IbanRecognizer, PhoneRecognizer

    engine = SpacyNlpEngine(models=[{"lang_code": "da", "model_name": "blank"}])
    engine.nlp = {"da": spacy.blank("da")}
    engine.nlp["da"].max_length = len(text) + 1
    civil = PatternRecognizer("CPR", patterns=[Pattern("cpr", r"\b\d{6}[- ]?\d{4}\b", 0.8)], supported_language="da")
    recognisers = [
        civil,
        EmailRecognizer(supported_language="da"),
        IbanRecognizer(supported_language="da"),
        PhoneRecognizer(supported_language="da", supported_regions=("DK",)),
    ]
    registry = RecognizerRegistry(recognizers=recognisers, supported_languages=["da"])
    analyser = AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["da"])
    return len(analyser.analyze(text, language="da"))


def main() -> None:
    """Print megabytes a second."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=20)
    parser.add_argument("--presidio", action="store_true")
    options = parser.parse_args()
    text = interviews(options.megabytes)
    size = len(text.encode()) / 1e6
    count = count_presidio if options.presidio else count_ours
    count(text[:50_000])
    clock, processor = time.perf_counter(), time.process_time()
    found = count(text)
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    print(f"{size:.1f} MB, one process: {clock:.1f} s ({size / clock:.2f} MB/s), {processor:.1f} s of processor; {found} findings")
    print(f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    if not options.presidio:
        half = text.find("\n", len(text) // 2) + 1
        with ProcessPoolExecutor(2) as pool:
            list(pool.map(count, (text[:50_000],) * 2))
            clock = time.perf_counter()
            found = sum(pool.map(count, (text[:half], text[half:])))
            clock = time.perf_counter() - clock
        print(f"{size:.1f} MB, two processes: {clock:.1f} s ({size / clock:.2f} MB/s); {found} findings")


if __name__ == "__main__":
    main()
