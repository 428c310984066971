"""The wheel holds the package with its data and the notebooks, and nothing else of the project."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory, project: Path) -> zipfile.ZipFile:
    """Built without the network, from a checkout in which somebody has worked."""
    folder = tmp_path_factory.mktemp("wheel")
    checkout = folder / "checkout"
    for name in ("vvvresearch", "notebooks", "docs", "tests"):
        shutil.copytree(project / name, checkout / name, ignore=shutil.ignore_patterns("data") if name == "tests" else None)
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copyfile(project / name, checkout / name)
    for left in ("notebooks/.ipynb_checkpoints/10-data-basis-checkpoint.ipynb", "vvvresearch/__pycache__/old.cpython-311.pyc"):
        (checkout / left).parent.mkdir(exist_ok=True)
        (checkout / left).write_text("{}")
    (path,) = WheelBuilder(str(checkout)).build(directory=str(folder), versions=["standard"])
    return zipfile.ZipFile(path)


def names(wheel: zipfile.ZipFile) -> set[str]:
    return {name for name in wheel.namelist() if ".dist-info/" not in name}


def test_the_package_is_in_it_whole_with_every_table_and_the_notebooks(wheel: zipfile.ZipFile, project: Path) -> None:
    own = {path.relative_to(project).as_posix() for path in (project / "vvvresearch").rglob("*") if path.is_file()}
    package = {name for name in own if "__pycache__" not in name}
    notebooks = {f"vvvresearch/_notebooks/{path.name}" for path in (project / "notebooks").glob("*.ipynb")}
    assert {"10-data-basis.ipynb", "90-municipality.ipynb"} <= {Path(name).name for name in notebooks}
    assert {"vvvresearch/py.typed", "vvvresearch/locales/tables/units.toml", "vvvresearch/reporting/data/house/page.typ"} <= package
    tutorials = {f"vvvresearch/_tutorials/{path.name}" for path in (project / "docs/pages/how-to").glob("*.md")}
    assert {"codings.md", "codings.en.md"} <= {Path(name).name for name in tutorials}
    assert names(wheel) == package | notebooks | tutorials
    for name in package:
        assert wheel.read(name) == (project / name).read_bytes(), name


def test_no_test_no_datum_of_a_round_and_no_chore_is_in_it(wheel: zipfile.ZipFile) -> None:
    assert {name.split("/")[0] for name in names(wheel)} == {"vvvresearch"}
    assert not [name for name in names(wheel) if "test" in Path(name).parts or "conftest" in name or Path(name).name.startswith("test_")]


def test_heavy_programs_are_asked_for_only_with_their_extra(wheel: zipfile.ZipFile) -> None:
    (place,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    told = Parser().parsestr(wheel.read(place).decode("utf-8"))
    assert set(told.get_all("Provides-Extra") or ()) == {"distributed", "lab", "mechanisms", "quarto", "report"}
    wanted = told.get_all("Requires-Dist") or []
    for name, extra in (("pypandoc-binary", "report"), ("typst", "report"), ("jupyterlab", "lab"), ("firthmodels", "mechanisms")):
        assert [line.partition(";")[2].strip() for line in wanted if line.startswith(name)] == [f"extra == '{extra}'"]
    assert any(line.startswith("statsmodels") and ";" not in line for line in wanted)


@pytest.mark.slow
def test_a_workspace_is_made_checked_and_run_from_the_wheel_alone(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    """The installed package without a checkout: its templates, notebooks and data all come from the wheel."""
    wheel.extractall(tmp_path / "site")
    # Imports see the wheel's package and not the checkout that the tests run from.
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site"), "PYTHONSAFEPATH": "1"}

    def vvv(*arguments: str) -> str:
        command = [sys.executable, "-m", "vvvresearch.cli.main", *arguments]
        done = subprocess.run(command, cwd=tmp_path / "own", env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    (tmp_path / "own").mkdir()
    vvv("init", ".")
    vvv("new-round", "2025-note")
    assert "50-themes" in vvv("notebook")
    vvv("notebook", "10-data-basis")
    assert "tilføj en kilde" in vvv("check")
    definition = (tmp_path / "own/rounds/2025-note/round.toml").read_text(encoding="utf-8")
    listed = definition.replace("#[[sources]]", "[[sources]]", 1).partition('#id = "interviews"')
    source = 'id = "talks"\ntype = "documentary"\ntitle = { da = "Samtaler", en = "Talks" }\nn = 3\nunit = "interview"\n'
    (tmp_path / "own/rounds/2025-note/round.toml").write_text(listed[0] + source, encoding="utf-8")
    notebook = tmp_path / "own/notebooks/10-data-basis.ipynb"
    notebook.write_text(notebook.read_text(encoding="utf-8").replace('\\"sources\\"', '\\"mine\\"'), encoding="utf-8")
    vvv("run", "--only", "10-data-basis", "--json")
    assert list((tmp_path / "own/outputs").rglob("mine.csv")), "the workspace's own notebook wins over the package's"
