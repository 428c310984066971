"""The same tables and the same raking by R's `survey` and by weightipy, timed in their own programs on the same data.

Neither is a package of this project. Each is run where it can be found and skipped with a line where it cannot.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

_R = """
suppressPackageStartupMessages(library(survey))
read <- read.csv("answers.csv", colClasses = "character", na.strings = "")
design <- svydesign(ids = ~1, weights = rep(1, nrow(read)), data = read)
items <- grep("^i[0-9]+$", names(read), value = TRUE)
banners <- c("region", "wave", "size")
checks <- c()
started <- proc.time()[["elapsed"]]
for (item in items) for (banner in banners) {
  table <- svytable(as.formula(paste0("~", item, "+", banner)), design)
  if (item == items[1] && banner == "region") checks <- as.vector(t(table))
}
tables <- proc.time()[["elapsed"]] - started
targets <- read.csv("targets.csv", colClasses = c("character", "character", "numeric"))
margins <- lapply(banners, function(name) {
  rows <- targets[targets$variable == name, ]
  found <- data.frame(rows$category, rows$units); names(found) <- c(name, "Freq"); found
})
started <- proc.time()[["elapsed"]]
raked <- rake(design, lapply(banners, function(name) as.formula(paste0("~", name))), margins,
  control = list(maxit = 100, epsilon = 1e-6))
raking <- proc.time()[["elapsed"]] - started
cat(sprintf('{"tables": %.3f, "raking": %.3f, "checks": [%s], "weights": [%s]}', tables, raking, paste(checks, collapse = ","),
  paste(sprintf("%.6f", head(weights(raked), 5)), collapse = ",")))
"""
_WEIGHTIPY = """
import json, time
import pandas as pd
import weightipy
answers = pd.read_csv("answers.csv", dtype=str)
targets = pd.read_csv("targets.csv", dtype={"category": str})
scheme = weightipy.scheme_from_dict({
    name: {row.category: 100 * row.units / rows["units"].sum() for row in rows.itertuples()}
    for name, rows in targets.groupby("variable")
})
started = time.perf_counter()
weighted = weightipy.weight_dataframe(answers[["region", "wave", "size"]].copy(), scheme)
seconds = time.perf_counter() - started
print(json.dumps({"raking": seconds, "weights": weighted["weights"].head(5).tolist()}))
"""


@dataclass(frozen=True)
class Other:
    """What another program took, in seconds; None where it does not do that. `weights` are its first five."""

    name: str
    tables: float | None
    raking: float
    checks: tuple[float, ...]
    weights: tuple[float, ...]


def time_others(answers: pd.DataFrame, targets: pd.DataFrame, weightipy_python: str) -> list[Other]:
    """Run both on the same answers.

    Args:
        answers: items `i<n>` and the banners region, wave, size.
        targets: variable, category, units.
        weightipy_python: an interpreter that has weightipy; "" tries this one.
    """
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        answers.to_csv(folder / "answers.csv", index=False)
        targets.to_csv(folder / "targets.csv", index=False)
        found = []
        rscript = shutil.which("Rscript")
        if rscript:
            (folder / "tables.R").write_text(_R, encoding="utf-8")
            found.append(_run("R survey", [rscript, "--vanilla", "tables.R"], folder))
        else:
            print("R survey: skipped, there is no Rscript")
        (folder / "weightipy_raking.py").write_text(_WEIGHTIPY, encoding="utf-8")
        found.append(_run("weightipy", [weightipy_python or sys.executable, "weightipy_raking.py"], folder))
        return [other for other in found if other is not None]


def _run(name: str, command: list[str], folder: Path) -> Other | None:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=900, check=False)
    except (OSError, subprocess.TimeoutExpired) as problem:
        print(f"{name}: skipped, {problem}")
        return None
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        print(f"{name}: skipped, {last}")
        return None
    told = json.loads(done.stdout.strip().splitlines()[-1])
    return Other(name, told.get("tables"), told["raking"], tuple(told.get("checks", ())), tuple(told["weights"]))
