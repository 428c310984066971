"""`vvv init`, `vvv notebook` and `vvv migrate`: a workspace of one's own, and what of the package or of earlier versions goes into it."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from vvvresearch.cli._workspace import DONE, UsageError, Workspace, language_here, language_of, say, tell
from vvvresearch.cli.notebook_filter import ATTRIBUTES, install, without_outputs
from vvvresearch.errors import VvvError, did_you_mean
from vvvresearch.evidence import Programme, Words, venner_viser_vej
from vvvresearch.files import read_bytes, toml, write_new
from vvvresearch.locales import Lang, text
from vvvresearch.rounds import chapter_title, migrate_round, packaged_notebooks

# Git keeps no empty folders, so each has a page that says what belongs there.
_FOLDERS = {
    "rounds": ("Runder, en mappe for hver: `vvv new-round ID`.", "Rounds, a folder each: `vvv new-round ID`."),
    "interviews": (
        "Interviewregister, udskrifter, kodninger og kortlægninger, en mappe for hver runde. Git ser dem ikke.",
        "Interview register, transcripts, codings and mappings, a folder for each round. Git does not see them.",
    ),
    "surveys": (
        "Svar og registre, en mappe for hver runde. Git ser dem ikke.",
        "Answers and registers, a folder for each round. Git does not see them.",
    ),
    "notebooks": (
        "Egne notesbøger. En med samme navn som en af pakkens bruges i stedet for den: `vvv notebook NAVN`.",
        "Notebooks of one's own. One that is named as one of the package's is used in its place: `vvv notebook NAME`.",
    ),
    "outputs": ("Lavet af `vvv run`. Git ser det ikke.", "Made by `vvv run`. Git does not see it."),
}
_HEAD = """\
# Programmet, der evalueres: hvem grupperne er, og hvad de kaldes. Et andet program retter denne fil og intet andet.
# The programme that is evaluated: who its groups are and what they are called. Another programme changes this file and nothing else.
# Hvert ord står på dansk (da) og engelsk (en). / Every word stands in Danish (da) and English (en).
schema_version = 1

# Programmets navn / the programme's name
name = {name}

# Hvad programmet er, i få lette ord, der åbner siden til alle; kan udelades.
# What it is, in a few easy words that open the page for everybody; may be left out.
{plain}

# De to grupper, der udgør et par: først den, der hjælpes, så den, der hjælper. Udelades, hvor der ingen par er.
# The two groups that form a pair: first who is helped, then who helps. Left out where there are no pairs.
halves = {halves}

# Grupper, der interviewes eller spørges. Navnet i klammen står i registre og adresser og ændres ikke, når runder er i gang.
# Groups that are interviewed or asked. The name in brackets stands in registers and addresses and is not changed once rounds exist.
#   label    gruppen i flertal, i tabeller / the group in the plural, in tables
#   one      én af dem, ved et citat / one of them, beside a quote
#   aliases  andre ord for gruppen i jeres filer: ["Borger", "Deltager"] / other words for it in your files
"""
_ORGANISATIONS = """
# Organisationer bag indsatsen: forkortelsen i jeres filer, og hvad den står for.
# Organisations behind the programme: the abbreviation in your files, and what it stands for.
[organisations]
"""
_UNITS = """
# Egne ord for det, der tælles (mange og én): jeres navn for et match, eller en enhed, som pakken ikke har. Fjern # foran.
# Words of your own for what is counted (many and one): your name of a match, or a unit that the package has none for. Remove the #.
#[units.match]
#many = { da = "makkerpar", en = "tandems" }
#one = { da = "makkerpar", en = "tandem" }
#[units.workplace]
#many = { da = "arbejdspladser", en = "workplaces" }
#one = { da = "arbejdsplads", en = "workplace" }
"""


def init(folder: Path, lang: Lang = "da") -> int:
    """Make a workspace: all of it, or nothing where a file of it is there already.

    Raises:
        UsageError: the folder is a file, or files that would be written are there: all of them are named.
        VvvError: the folder cannot be written.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError("this is a file, and a workspace is a folder", where=folder, todo="name another folder")
    try:
        made = write_new(folder, workspace_files())
    except VvvError as problem:
        if folder.is_dir() and problem.why:
            raise UsageError(problem.what, where=problem.where, why=problem.why, todo=problem.todo) from None
        raise
    for path in made:
        tell(text("commands.made", lang, path=path.relative_to(folder).as_posix()))
    say(text("commands.init_git" if install(folder) else "commands.init_no_git", lang))
    tell(text("commands.init_next", lang, folder=str(folder)))
    return DONE


def workspace_files() -> dict[str, str]:
    """Every file of a new workspace with its content."""
    programme = venner_viser_vej()
    page = _data("workspace.md").format(name_da=programme.name.da, name_en=programme.name.en)
    folders = {f"{name}/README.md": f"# {name}\n\n{danish}\n\n{english}\n" for name, (danish, english) in _FOLDERS.items()}
    fixed = {"README.md": page, ".gitignore": _data("workspace.gitignore"), ".gitattributes": ATTRIBUTES}
    return {"programme.toml": programme_text(programme), **fixed, **folders}


def programme_text(programme: Programme) -> str:
    """A programme as a TOML file whose every field is explained."""
    plain = f"plain = {toml(_both(programme.plain))}" if programme.plain else '#plain = { da = "…", en = "…" }'
    parts = [_HEAD.format(name=toml(_both(programme.name)), plain=plain, halves=toml(programme.halves))]

    for name, group in programme.groups.items():
        words = f"label = {toml(_both(group.label))}\none = {toml(_both(group.one))}\naliases = {toml(group.aliases)}\n"
        parts.append(f"[groups.{name}]\n{words}")
    organisations = "".join(f"{name} = {toml(_both(words))}\n" for name, words in programme.organisations.items())
    return "\n".join(parts) + _ORGANISATIONS + organisations + _UNITS


def _both(words: Words) -> dict[str, str]:
    return {"da": words.da, "en": words.en}


def _data(name: str) -> str:
    return (resources.files("vvvresearch.cli") / "data" / name).read_text(encoding="utf-8")


def notebook(workspace: Workspace, name: str, lang: str | None = None) -> int:
    """Copy a notebook into the workspace, where it wins over the package's; without a name, list them.

    Raises:
        UsageError: there is no such notebook (with what was probably meant), or the workspace has one of that name.
    """
    spoken_here = language_here(workspace, (), lang)
    packaged = {path.stem: path for path in sorted(packaged_notebooks().glob("*.ipynb"))}
    own = {path.stem for path in (workspace.root / "notebooks").glob("*.ipynb")}
    if not name:
        for stem in packaged:
            mark = f"  {text('commands.notebook_own', spoken_here)}" if stem in own else ""
            tell(f"{stem:<24} {chapter_title(stem, spoken_here)}{mark}")
        say(text("commands.notebook_list", spoken_here))
        return DONE
    stem = name.removesuffix(".ipynb")
    if stem not in packaged:
        raise UsageError(f"the package has no notebook {name!r}", todo=did_you_mean(stem, packaged))
    target = f"notebooks/{stem}.ipynb"
    try:
        write_new(workspace.root, {target: without_outputs(read_bytes(packaged[stem]))})
    except VvvError as problem:
        if (workspace.root / target).exists():
            todo = "change that one, or move it away to have the package's again"
            raise UsageError("the workspace has a notebook of that name already", where=target, todo=todo) from None
        raise problem
    install(workspace.root)
    tell(text("commands.made", spoken_here, path=target))
    tell(text("commands.notebook_next", spoken_here))
    return DONE


def migrate(workspace: Workspace, round_id: str, lang: str | None = None) -> int:
    """Bring a round up to date and name what was made.

    Raises:
        RoundError: there is no such round of an earlier version.
    """
    made = migrate_round(workspace.root, round_id)
    spoken_here = language_of(workspace, round_id, lang)
    for path in made:
        tell(text("commands.made", spoken_here, path=path.relative_to(workspace.root).as_posix()))
    tell(text("commands.next_check", spoken_here, round=round_id))
    return DONE
