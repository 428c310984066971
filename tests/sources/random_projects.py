"""Coded projects at random, with something in every place that the standard has; made for no program in particular."""

from __future__ import annotations

import random
import uuid
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import refi_projects as refi

TALK = "vi mødes hver tirsdag på biblioteket og hun viste mig bussen 🙂 »ja« 𝔸ben lægen børnene leger i gården — é\u0301 te&kaffe <godt>"
WORDS = TALK.split(" ")
NAMES = ["Netværk", "Netværk", "venner & naboer", "a > b", "Æ/Ø", 'kaldt "hjem"', "🙂", "  rum  ", "imellem"]
NAMES += ["=1+1", "- andre", "'ja", "to\nlinjer", "bl.a. x", "0101"]
DATES = ["2022-11-28T10:11:12Z", "2023-01-02T03:04:05", "2023-05-06T07:08:09.5+02:00"]
SPACES = [" ", " ", " ", " ", "\n", "\n\n", "\t"]


class Builder:
    """One project. `self.held` says whether it has only what the model holds."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.members: dict[str, bytes] = {}
        self.notes: list[str] = []
        self.links: list[str] = []
        self.users = [self.guid() for _ in range(self.rng.randint(1, 4))]
        self.codes: list[str] = []

    def guid(self) -> str:
        return str(uuid.UUID(int=self.rng.getrandbits(128))).upper()

    def some(self, most: int) -> range:
        return range(self.rng.randint(0, most))

    def maybe(self, text: str) -> str:
        return text if self.rng.random() < 0.5 else ""

    def phrase(self, most: int = 12) -> str:
        rng = self.rng
        return "".join(rng.choice(WORDS) + rng.choice(SPACES) for _ in range(rng.randint(1, most)))

    def made(self) -> str:
        """Who made something, and when."""
        return self.maybe(f' creatingUser="{self.rng.choice(self.users)}"') + self.maybe(f' creationDateTime="{self.rng.choice(DATES)}"')

    def note(self) -> str:
        """A new note: its GUID."""
        key = self.guid()
        name = self.maybe(f" name={quoteattr(self.phrase(2))}")
        self.notes.append(f'<Note guid="{key}"{name}{self.made()}><PlainTextContent>{escape(self.phrase())}</PlainTextContent></Note>')
        return key

    def note_references(self) -> str:
        return "".join(f'<NoteRef targetGUID="{self.note()}"/>' for _ in self.some(2))

    def described(self) -> str:
        return self.maybe(f"<Description>{escape(self.phrase())}</Description>")

    def tree(self, depth: int) -> str:
        parts = []
        for _ in range(self.rng.randint(1 if depth == 3 else 0, 3)):
            key = self.guid()
            self.codes.append(key)
            codable = self.rng.choice(["true", "true", "false"])
            colour = self.maybe(f' color="#{self.rng.randrange(1 << 24):06X}"')
            inner = self.described() + self.note_references() + (self.tree(depth - 1) if depth else "")
            name = quoteattr(self.rng.choice(NAMES))
            parts.append(f'<Code guid="{key}" name={name} isCodable="{codable}"{colour}>{inner}</Code>')
        return "".join(parts)

    def coding(self) -> str:
        user = f' creatingUser="{self.rng.choice(self.users)}"'
        date = self.maybe(f' creationDateTime="{self.rng.choice(DATES)}"')
        return f'<Coding guid="{self.guid()}"{user}{date}><CodeRef targetGUID="{self.rng.choice(self.codes)}"/></Coding>'

    def text(self) -> tuple[str, str]:
        """A text as its file holds it and as it is without marks and double line ends."""
        plain = self.phrase(60)
        raw = plain.replace("\n", "\r\n") if self.rng.random() < 0.5 else plain
        return refi.BOM * self.rng.choice([0, 0, 1, 2]) + raw, plain

    def selections(self, raw: str, plain: str, unit: str) -> str:
        parts = []
        marks = len(raw) - len(raw.lstrip(refi.BOM))
        edges = [place for place in range(len(plain) + 1) if plain[place - 1 : place].isspace() != plain[place : place + 1].isspace()]
        for _ in range(self.rng.randint(2, 7)):
            start, end = sorted(self.rng.sample(edges, 2)) if len(edges) > 1 else (0, len(plain))
            places = [refi.count(raw[marks:], place, unit=unit) for place in (start, end)]
            codings = "".join(self.coding() for _ in range(self.rng.randint(0, 3)))
            # A passage without a coding holds a memo, else it is nothing.
            inner = self.described() + codings if codings else f'<NoteRef targetGUID="{self.note()}"/>'
            where = f'name={quoteattr(plain[start:end])} startPosition="{places[0]}" endPosition="{places[1]}"'
            parts.append(f'<PlainTextSelection guid="{self.guid()}" {where}>{inner}</PlainTextSelection>')
        return "".join(parts)

    def source(self, number: int, unit: str, variables: dict[str, str]) -> tuple[str, str]:
        """A source and its GUID: a text beside or inside the project, or a picture."""
        key, name = self.guid(), quoteattr(f"interview {number} {self.rng.choice(NAMES).strip()}")
        after = "".join(self.coding() for _ in self.some(1)) + self.note_references() + self.values(variables)
        if self.rng.random() < 0.15:
            region = 'firstX="1" firstY="2" secondX="30" secondY="40"'
            own = [f'guid="{self.guid()}" {region}>{self.coding()}' for _ in self.some(2)]
            selections = "".join(f"<PictureSelection {one}</PictureSelection>" for one in own)
            return f'<PictureSource guid="{key}" name={name}>{self.described()}{selections}{after}</PictureSource>', key
        raw, plain = self.text()
        self.members[f"sources/{key}.txt"] = raw.encode()
        inner = self.described() + self.selections(raw, plain, unit) + after
        return f'<TextSource guid="{key}" name={name} plainTextPath="internal://{key}.txt">{inner}</TextSource>', key

    def values(self, variables: dict[str, str]) -> str:
        rng, parts = self.rng, []
        for key, kind in variables.items():
            value = {
                "Text": escape(self.phrase(2)),
                "Integer": str(rng.randint(-5, 99)),
                "Float": str(rng.randint(0, 99) / 4),
                "Boolean": rng.choice(["true", "false"]),
            }[kind]
            if rng.random() < 0.7:
                parts.append(f'<VariableValue><VariableRef targetGUID="{key}"/><{kind}Value>{value}</{kind}Value></VariableValue>')
        return "".join(parts)

    def qde(self) -> str:
        rng = self.rng
        tree = self.tree(3)
        variables = {self.guid(): rng.choice(["Text", "Integer", "Float", "Boolean"]) for _ in self.some(3)}
        unit = rng.choice(["codepoint", "utf-16"])
        sources = [self.source(number, unit, variables) for number in range(rng.randint(1, 4))]
        cases = []
        for number in self.some(3):
            key = self.guid()
            members = "".join(f'<SourceRef targetGUID="{own}"/>' for _, own in sources if rng.random() < 0.5)
            cases.append(f'<Case guid="{key}" name="par {number} &amp;">{self.described()}{self.values(variables)}{members}</Case>')
            self.links += [f'<Link guid="{self.guid()}" originGUID="{self.note()}" targetGUID="{key}"/>' for _ in self.some(1)]
        sets = []
        for number in self.some(3):
            members = "".join(f'<MemberCode targetGUID="{key}"/>' for key in self.codes if rng.random() < 0.3)
            members += "".join(f'<MemberSource targetGUID="{key}"/>' for _, key in sources if rng.random() < 0.5)
            sets.append(f'<Set guid="{self.guid()}" name="gruppe {number}">{members}</Set>' if members else "")
        end = self.described() + self.note_references()
        for _ in self.some(1):
            self.note()
        declared = "".join(f'<Variable guid="{key}" name="{kind} {key[:4]}" typeOfVariable="{kind}"/>' for key, kind in variables.items())
        named = [(key, quoteattr(f"{number} {rng.choice(NAMES)}")) for number, key in enumerate(self.users)]
        persons = "".join(f'<User guid="{key}" name={name}/>' for key, name in named)
        groups = {"Notes": "".join(self.notes), "Links": "".join(self.links), "Sets": "".join(sets)}
        parts = [
            f"<Users>{persons}</Users><CodeBook><Codes>{tree}</Codes></CodeBook>",
            *(f"<{name}>{inner}</{name}>" for name, inner in (("Variables", declared), ("Cases", "".join(cases))) if inner),
            refi.sources(*(element for element, _ in sources)),
            *(f"<{name}>{inner}</{name}>" for name, inner in groups.items() if inner),
            end,
        ]
        return refi.project(*parts)


def build(seed: int) -> tuple[str, dict[str, bytes]]:
    """A project file and the files beside it; its positions are counted in one of two units, marks left out."""
    builder = Builder(seed)
    return builder.qde(), builder.members


def pack(path: Path, qde: str, members: dict[str, bytes]) -> Path:
    """The project as an archive, not compressed."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("project.qde", qde)
        for name, data in members.items():
            archive.writestr(name, data)
    return path
