"""How one kernel is started, in a Python of its own."""

from __future__ import annotations

import sys
from typing import Any

# Libraries for numbers start as many threads as they find processors; kernels run side by side, so one each.
NAMED_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

# Run by the kernel's Python before ipykernel: asks for death with the parent, bounds the memory, becomes the kernel.
_LAUNCH = """\
import os, sys
memory = int(sys.argv[1])
if sys.platform == "linux":
    import ctypes, resource, signal
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    if memory:
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
os.execv(sys.executable, [sys.executable, "-m", "ipykernel_launcher", "-f", *sys.argv[2:]])
"""


class Provision:
    """Stock kernels: a new Python for each notebook, on every system."""

    kind = "stock"

    def __init__(self, memory_mb: int | None = None) -> None:
        self.memory_mb = memory_mb

    def kernel_spec(self) -> dict[str, Any]:
        """What jupyter_client needs to start one."""
        memory = str((self.memory_mb or 0) * 1024 * 1024)
        return {
            "argv": [sys.executable, "-S", "-c", _LAUNCH, memory, "{connection_file}"],
            "language": "python",
            "display_name": "Python 3",
        }

    def register(self) -> None:
        """Make the way known to jupyter_client; its own way needs nothing."""
