"""The project's chores: `python tasks.py report`, and so on; `make` calls the same.

Standard library only, and plain syntax: an old Python must get far enough to say that it is too old.
"""
# ruff: noqa: RUF005, UP024, UP031

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
BIN = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin")
STAMP = os.path.join(VENV, "vvv-stamp")
OLDEST = (3, 11)
# What one could start instead, newest first.
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")

# `--universal` holds one lock for every system, `fewest` one version of a package for every Python; nothing in it may name an
# address or a folder of the machine that made it.
LOCK_COMMAND = (
    "uv pip compile pyproject.toml --extra report --extra lab --extra mechanisms --extra distributed --group dev --universal "
    "--fork-strategy fewest --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 "
    "--output-file requirements.lock"
)
DOCS_LOCK_COMMAND = (
    "uv pip compile --group docs --universal --fork-strategy fewest --generate-hashes --no-emit-index-url --no-emit-find-links "
    "--python-version 3.11 --constraint requirements.lock --output-file docs/requirements.lock"
)


def fail(text):
    """End with one clear line."""
    sys.stderr.write(text + "\n")
    sys.exit(1)


def check_python():
    """Refuse a Python that cannot hold the package, and name one that can."""
    if sys.version_info < OLDEST:
        running = "%d.%d" % sys.version_info[:2]
        others = [name for name in NEWER if hasattr(shutil, "which") and shutil.which(name)]
        advice = "try: make PYTHON=%s" % others[0] if others else "install Python 3.11 or newer"
        fail("vvvresearch needs Python 3.11 or newer, this is %s; %s" % (running, advice))


def own_environment(given=os.environ):
    """The environment of a command; packages are installed uncompiled, and the first process that imports one may keep what it compiles."""
    environment = dict(given)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def run(*command, **options):
    """Run a command in the project; its exit code comes back, or ends everything when `check` is set."""
    check = options.pop("check", True)
    code = subprocess.call(list(command), cwd=ROOT, env=own_environment(options.pop("env", os.environ)), **options)
    if check and code:
        sys.exit(code if 0 < code < 128 else 1)
    return code


def tool(name):
    """A program of the environment."""
    return os.path.join(BIN, name + (".exe" if os.name == "nt" else ""))


def wanted_stamp():
    """What the environment must have been made from to be used as it is."""
    digest = hashlib.sha256()
    for name in ("requirements.lock", "pyproject.toml"):
        with open(os.path.join(ROOT, name), "rb") as handle:
            digest.update(handle.read() + b"\0")
    digest.update(("%d.%d %s %s" % (sys.version_info[0], sys.version_info[1], sys.platform, ROOT)).encode("utf-8"))
    return digest.hexdigest()


def read(path):
    """A small text file, or nothing."""
    try:
        with open(path) as handle:
            return handle.read()
    except (IOError, OSError):
        return ""


def environment_fits():
    """Whether `.venv` runs, with the Python that runs this."""
    lines = dict(line.split(" = ", 1) for line in read(os.path.join(VENV, "pyvenv.cfg")).splitlines() if " = " in line)
    version = (lines.get("version") or lines.get("version_info") or "").split(".")[:2]
    if version != [str(part) for part in sys.version_info[:2]]:
        return False
    with open(os.devnull, "w") as nothing:
        return (
            os.path.exists(tool("python"))
            and run(tool("python"), "-m", "pip", "--version", check=False, stdout=nothing, stderr=nothing) == 0
        )


def set_up():
    """Make `.venv` with what the lock holds, and tell git to leave outputs of notebooks out; no network when it is there."""
    install_packages()
    if os.path.exists(os.path.join(ROOT, ".git")):
        run(tool("python"), "-m", "vvvresearch.cli.notebook_filter", "--install", ROOT, check=False)


def install_packages():
    """Make `.venv` and install what the lock holds; nothing happens when it is there."""
    wanted = wanted_stamp()
    if os.path.exists(tool("python")) and read(STAMP).strip() == wanted:
        return
    if not environment_fits():
        make_environment()
    if os.path.exists(STAMP):
        os.remove(STAMP)
    print("Installing the packages of requirements.lock into .venv (once, a few minutes) …")
    sys.stdout.flush()
    pip = (tool("python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-compile")
    if run(*(pip + ("--no-deps", "--require-hashes", "-r", "requirements.lock")), check=False):
        fail("the packages could not be installed: see pip's message above; the network is needed this once")
    # The lock's hashes and an editable install exclude each other, so the package itself comes second.
    if run(*(pip + ("--no-deps", "--no-build-isolation", "-e", ".")), check=False):
        fail("the package itself could not be installed: see pip's message above")
    with open(STAMP, "w") as handle:
        handle.write(wanted + "\n")


def make_environment():
    """An empty `.venv`, made anew."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        version = "%d.%d" % sys.version_info[:2]
        fail("this Python cannot make environments; on Debian or Ubuntu: sudo apt-get install python%s-venv" % version)
    shutil.rmtree(VENV, ignore_errors=True)
    if run(sys.executable, "-m", "venv", VENV, check=False):
        shutil.rmtree(VENV, ignore_errors=True)
        fail("the environment .venv could not be made: see the message above")


def report():
    """set everything up, run all rounds, say where the reports are"""
    set_up()
    run(tool("vvv"), "run", "--root", ROOT)


def test():
    """set everything up, run the style and type checks and all tests"""
    set_up()
    python = tool("python")
    failed = ["ruff"] if run(python, "-m", "ruff", "check", ".", check=False) else []
    # mypy works alone for more than a minute, so the tests begin beside it; they end last, and with them the output.
    with tempfile.TemporaryFile(mode="w+") as types:
        mypy = subprocess.Popen([python, "-m", "mypy"], cwd=ROOT, env=own_environment(), stdout=types, stderr=subprocess.STDOUT)
        # Slow tests are sorted to the end by tests/conftest.py; two workers suit the two cores this is measured on.
        pytest = subprocess.Popen([python, "-m", "pytest", "-n", "2", "--dist", "worksteal"], cwd=ROOT, env=own_environment())
        if mypy.wait():
            failed.append("mypy")
        types.seek(0)
        sys.stdout.write(types.read())
        sys.stdout.flush()
        if pytest.wait():
            failed.append("pytest")
    if failed:
        fail("failed: " + ", ".join(failed))


def mutants(*options):
    """say how many faults made by rule the tests notice (an hour or more; --rooms, --limit, --minutes, --seed)"""
    set_up()
    code = run(tool("python"), os.path.join("tests", "mutation", "mutation.py"), *options, check=False)
    # 2 says that the time was not enough for all of them.
    sys.exit(code if 0 <= code < 128 else 1)


def consent(*options):
    """look for words of those who refuse in what the demo's chapters write (50 draws of consent, 30 withdrawals; --seed, --minutes)"""
    set_up()
    sys.exit(run(tool("python"), os.path.join("benchmarks", "consent.py"), *options, check=False))


def failures(*options):
    """let every file operation of a small round's commands fail once (--sample, --seed, --minutes, --only)"""
    set_up()
    sys.exit(run(tool("python"), os.path.join("benchmarks", "failures.py"), *options, check=False))


def lab():
    """set everything up, open JupyterLab on this workspace"""
    set_up()
    run(tool("vvv"), "lab", "--root", ROOT)


def docs():
    """set everything up, write the documentation site to outputs/docs/index.html (its own packages are installed beside)"""
    set_up()
    pip = (tool("python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps", "--require-hashes")
    if run(*(pip + ("-r", os.path.join("docs", "requirements.lock"))), check=False):
        fail("the packages of the documentation could not be installed: see pip's message above")
    environment = dict(os.environ, NO_MKDOCS_2_WARNING="1")
    run(tool("python"), "-m", "mkdocs", "build", "--quiet", "--strict", "-f", os.path.join("docs", "mkdocs.yml"), env=environment)


def clean():
    """remove the environment, caches and everything that runs have made"""
    for name in (".venv", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", "dist"):
        shutil.rmtree(os.path.join(ROOT, name), ignore_errors=True)
    outputs = os.path.join(ROOT, "outputs")
    for name in sorted(os.listdir(outputs)) if os.path.isdir(outputs) else []:
        path = os.path.join(outputs, name)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path, ignore_errors=True)
        elif name != "README.md":
            os.remove(path)
    for folder, names, _ in os.walk(ROOT):
        names[:] = [name for name in names if not name.startswith(".")]
        if os.path.basename(folder) == "__pycache__":
            shutil.rmtree(folder, ignore_errors=True)


def lock():
    """make requirements.lock and docs/requirements.lock anew (needs uv)"""
    uv = shutil.which("uv") or (tool("uv") if os.path.exists(tool("uv")) else None)
    if not uv:
        fail("uv is not installed; with it, this is run: " + LOCK_COMMAND)
    environment = dict(os.environ, UV_CUSTOM_COMPILE_COMMAND="python tasks.py lock")
    for command in (LOCK_COMMAND, DOCS_LOCK_COMMAND):
        run(*([uv] + command.split()[1:] + ["--quiet"]), env=environment)


def helping():
    """this list"""
    print("make TASK, or python tasks.py TASK:\n")
    for name in sorted(TASKS, key=list(TASKS).index):
        print("  %-8s %s" % (name, TASKS[name].__doc__))


TASKS = {
    "report": report,
    "test": test,
    "mutants": mutants,
    "consent": consent,
    "failures": failures,
    "lab": lab,
    "docs": docs,
    "clean": clean,
    "lock": lock,
    "help": helping,
}
# Those that take an hour, and can be asked for less.
WITH_OPTIONS = ("mutants", "consent", "failures")


def main(names):
    """Run the tasks named on the command line; what stands after one of `WITH_OPTIONS` are its options."""
    place = next((place for place, name in enumerate(names, 1) if name in WITH_OPTIONS), len(names))
    names, options = names[:place], names[place:]
    unknown = [name for name in names if name not in TASKS]
    if unknown:
        fail("there is no task %s; tasks: %s" % (unknown[0], ", ".join(TASKS)))
    for name in names or ["help"]:
        if name not in ("help", "clean", "lock"):
            check_python()
        TASKS[name](*(options if name in WITH_OPTIONS else []))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
