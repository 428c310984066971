"""tasks.py and the Makefile: an environment that is there is used at once, and what is missing is said in one line."""

from __future__ import annotations

import ast
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent.parent


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The chores in a folder of their own, with an environment whose programs only say their names."""
    for name in ("tasks.py", "Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copyfile(HERE / name, tmp_path / name)
    return tmp_path


def call(folder: Path, *arguments: str, python: str = sys.executable, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python, "tasks.py", *arguments], cwd=folder, capture_output=True, text=True, env={**os.environ, **environment}, check=False
    )


def make_environment(folder: Path) -> None:
    programs = folder / ".venv/bin"
    programs.mkdir(parents=True)
    for name in ("python", "vvv"):
        (programs / name).write_text(f'#!/bin/sh\ntest "$2" = pytest && sleep 1\necho "{name} $*"\n')
        (programs / name).chmod(0o755)
    digest = hashlib.sha256()
    for name in ("requirements.lock", "pyproject.toml"):
        digest.update((folder / name).read_bytes() + b"\0")
    digest.update(f"{sys.version_info.major}.{sys.version_info.minor} {sys.platform} {folder}".encode())
    (folder / ".venv/vvv-stamp").write_text(digest.hexdigest() + "\n")


def test_with_an_environment_that_fits_nothing_is_installed_and_the_rounds_are_run(copy: Path) -> None:
    make_environment(copy)
    done = call(copy, "report")
    assert (done.returncode, done.stdout) == (0, f"vvv run --root {copy}\n")


def test_tests_end_with_the_line_of_pytest_and_fail_when_any_check_fails(copy: Path) -> None:
    make_environment(copy)
    done = call(copy, "test")
    assert done.returncode == 0
    assert [line.split()[2] for line in done.stdout.splitlines()] == ["ruff", "mypy", "pytest"]
    (copy / ".venv/bin/python").write_text('#!/bin/sh\ntest "$2" = pytest && sleep 1\necho "$*"\ntest "$2" != mypy\n')
    done = call(copy, "test")
    assert done.returncode == 1
    assert done.stderr == "failed: mypy\n"
    assert "-m pytest" in done.stdout.splitlines()[-1]


def test_mutants_get_their_options_and_their_exit_code_comes_back(copy: Path) -> None:
    make_environment(copy)
    done = call(copy, "mutants", "--rooms", "survey", "--limit", "3")
    assert done.stdout == f"python {Path('tests/mutation/mutation.py')} --rooms survey --limit 3\n"
    for code in (1, 2):
        (copy / ".venv/bin/python").write_text(f"#!/bin/sh\nexit {code}\n")
        assert call(copy, "mutants").returncode == code


def test_a_lock_that_has_changed_makes_the_environment_due(copy: Path) -> None:
    make_environment(copy)
    (copy / "requirements.lock").write_text("changed")
    (copy / ".venv/pyvenv.cfg").write_text(f"version = {sys.version.split()[0]}\n")
    done = call(copy, "report")
    installs = [line for line in done.stdout.splitlines() if " install " in line]
    assert len(installs) == 2
    assert "--require-hashes -r requirements.lock" in installs[0]
    assert "--no-deps --no-build-isolation -e ." in installs[1]
    assert "install" not in call(copy, "report").stdout, "the second time it fits"


def test_a_python_without_venv_is_told_which_package_it_lacks(copy: Path) -> None:
    blocked = copy / "blocked"
    blocked.mkdir()
    (blocked / "ensurepip.py").write_text("raise ImportError")
    done = call(copy, "report", PYTHONPATH=str(blocked))
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert done.returncode == 1
    assert done.stderr == f"this Python cannot make environments; on Debian or Ubuntu: sudo apt-get install python{version}-venv\n"


def test_an_old_python_is_told_so_in_one_line(copy: Path) -> None:
    (copy / "tasks.py").write_text((copy / "tasks.py").read_text().replace("OLDEST = (3, 11)", "OLDEST = (4, 0)"))
    done = call(copy, "report")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "needs Python 3.11 or newer" in done.stderr


def test_an_old_python_can_read_the_file_that_tells_it_so(project: Path) -> None:
    ast.parse((project / "tasks.py").read_text(encoding="utf-8"), feature_version=(3, 4))
    for node in ast.walk(ast.parse((project / "tasks.py").read_text(encoding="utf-8"))):
        assert not isinstance(node, ast.JoinedStr | ast.NamedExpr | ast.AnnAssign), f"line {getattr(node, 'lineno', 0)}"


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_hands_every_task_on(copy: Path) -> None:
    make_environment(copy)
    make = ["make", "--no-print-directory", f"PYTHON={sys.executable}"]
    done = subprocess.run([*make, "report"], cwd=copy, capture_output=True, text=True, check=True)
    assert done.stdout == f"vvv run --root {copy}\n"
    listed = subprocess.run(make, cwd=copy, capture_output=True, text=True, check=True).stdout
    tasks = {line.split()[0] for line in listed.splitlines() if line.startswith("  ")}
    assert {"report", "test", "mutants", "lab", "docs", "clean", "help"} <= tasks


def test_an_unknown_task_is_told_which_there_are(copy: Path) -> None:
    done = call(copy, "reprot")
    assert done.returncode == 1
    assert "report" in done.stderr


def test_the_lock_names_no_place_of_the_machine_that_made_it(project: Path) -> None:
    text = (project / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text
    assert "file:" not in text
    assert "--index-url" not in text
    assert "/home/" not in text
