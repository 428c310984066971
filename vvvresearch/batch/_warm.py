"""Warm kernels (Linux): forked from a process that has the imports loaded, behind jupyter_client's own interface.

A nursery is one process per run. It imports what notebooks import, then forks a kernel for each request. It stays out of
what a kernel can tell apart from a stock one: no drawing back end is chosen, no thread is started, random states are renewed.
On any doubt (another system, a library that starts threads, a request without an answer) kernels are started the stock way.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import EntryPoint
from typing import Any

from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from vvvresearch.batch._provision import NAMED_THREADS, Provision

NAME = "vvvresearch-warm"
INLINE = "module://matplotlib_inline.backend_inline"
# What every kernel loads by itself, then what notebooks of this package load in their first cells.
ALWAYS = (
    *("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.debugger", "faulthandler"),
    *("IPython.core.interactiveshell", "IPython.core.completer", "IPython.core.pylabtools", "IPython.extensions.storemagic"),
    *("matplotlib_inline.config", "tornado.queues", "numpy", "pandas", "pandas.io.formats.html", "pandas.io.formats.style"),
)
DRAWING = ("matplotlib.pyplot", "matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg")
_READY_SECONDS = 60
_ANSWER_SECONDS = 10


class Nursery:
    """The process that kernels are forked from; use it as a context manager, from the main thread.

    Args:
        modules: what it imports; a module that cannot be imported is left out.
        preload: "module:function" that it calls after that, so that what it reads is there in every kernel; "" for none.
        arguments: of that function.
    """

    def __init__(self, modules: Iterable[str], preload: str = "", arguments: Iterable[str] = ()) -> None:
        self.preload = [preload, *arguments]
        self.modules = tuple(dict.fromkeys((*ALWAYS, *DRAWING, *modules)))
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._ready: bool | None = None

    def __enter__(self) -> Nursery:
        ours, theirs = socket.socketpair()
        # Hash order and threads as in every kernel: both are settled when a process starts.
        environment = {**os.environ, **dict.fromkeys(NAMED_THREADS, "1"), "PYTHONHASHSEED": "0", "MPLBACKEND": "agg"}
        code = f"from vvvresearch.batch import _warm; _warm.serve({theirs.fileno()})"
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", code],
            env=environment,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        theirs.close()
        self._socket = ours
        self._lines = ours.makefile("rb")
        ours.sendall(_line({"modules": self.modules, "preload": self.preload}))
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.close()
        self._socket.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def fork(self, arguments: list[str], environment: Mapping[str, str], folder: str, memory: int) -> int:
        """The process id of a new kernel, told the connection file and further arguments of ipykernel.

        Raises:
            OSError: no kernel can be had from here.
        """
        with self._turn:
            if self._ready is None:
                self._socket.settimeout(_READY_SECONDS)
                self._ready = bool(self._answer().get("ready"))
                self._socket.settimeout(_ANSWER_SECONDS)
            if not self._ready:
                raise OSError("the nursery is not ready")
            try:
                self._socket.sendall(_line({"arguments": arguments, "environment": dict(environment), "folder": folder, "memory": memory}))
                return int(self._answer()["pid"])
            except (OSError, KeyError):
                self._ready = False
                raise OSError("the nursery does not answer") from None

    def _answer(self) -> dict[str, Any]:
        try:
            line = self._lines.readline()
            return dict(json.loads(line)) if line else {}
        except (OSError, ValueError):
            return {}


def _line(value: object) -> bytes:
    return json.dumps(value).encode() + b"\n"


class WarmProvision(Provision):
    """Kernels from a nursery."""

    kind = "warm"

    def __init__(self, nursery: Nursery, memory_mb: int | None = None) -> None:
        super().__init__(memory_mb)
        self.nursery = nursery

    def kernel_spec(self) -> dict[str, Any]:
        config = {"nursery": self.nursery, "memory": (self.memory_mb or 0) * 1024 * 1024, "provision": self}
        return {**super().kernel_spec(), "metadata": {"kernel_provisioner": {"provisioner_name": NAME, "config": config}}}

    def register(self) -> None:
        # What an entry point would do, without leaving one behind for other programs of this environment.
        entry = EntryPoint(NAME, f"{__name__}:WarmProvisioner", KernelProvisionerFactory.GROUP_NAME)
        KernelProvisionerFactory.instance().provisioners.setdefault(NAME, entry)


class WarmProvisioner(LocalProvisioner):
    """Starts a kernel from a nursery, or the stock way when that fails."""

    def __init__(self, nursery: Nursery, memory: int, provision: WarmProvision, **options: Any) -> None:
        super().__init__(**options)
        self._nursery, self._memory, self._provision = nursery, memory, provision

    async def launch_kernel(self, cmd: list[str], **options: Any) -> Any:
        try:
            # The command ends with the connection file and what papermill's client adds to it.
            given = cmd[cmd.index(getattr(self.parent, "connection_file", "")) :]
            pid = self._nursery.fork(given, options["env"], str(options["cwd"]), self._memory)
            self.process = _Kernel(pid)  # type: ignore[assignment]
        except (OSError, ValueError):
            self._provision.kind = "stock"
            return await super().launch_kernel(cmd, **options)
        self.pid = self.pgid = pid
        self.cwd = options["cwd"]
        return self.connection_info


class _Kernel:
    """A forked kernel with the interface of a process we started ourselves; it is the nursery's child, not ours."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        # A descriptor of the process, not its number: numbers are used again.
        self._handle = os.pidfd_open(pid)
        self._poll = select.poll()
        self._poll.register(self._handle, select.POLLIN)
        self._ended = False

    def poll(self) -> int | None:
        if not self._ended and self._poll.poll(0):
            self._ended = True
            os.close(self._handle)
        return 1 if self._ended else None

    def wait(self) -> int:
        while self.poll() is None:
            time.sleep(0.005)
        return 1

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            signal.pidfd_send_signal(self._handle, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


def serve(handle: int) -> None:
    """The nursery's own life: import, say ready, fork on request until nobody asks any more."""
    _die_with(os.getppid())
    connection = socket.socket(fileno=handle)
    lines = connection.makefile("rb")
    told = json.loads(lines.readline())
    _load(told["modules"], told["preload"])
    alone = len(os.listdir("/proc/self/task")) == 1
    connection.sendall(_line({"ready": alone}))
    if not alone:
        return
    # Kernels that end are cleared away without anybody waiting for them.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    nursery = os.getpid()
    for line in lines:
        request = json.loads(line)
        pid = os.fork()
        if pid == 0:
            os.close(handle)
            _become_kernel(request, nursery)
        connection.sendall(_line({"pid": pid}))


def _load(modules: Iterable[str], preload: Sequence[str]) -> None:
    import gc
    import importlib

    for name in modules:
        try:
            importlib.import_module(name)
        except Exception:
            continue
    _draw_once()
    if preload[0]:
        room, _, name = preload[0].partition(":")
        # Whatever is wrong is met again, and told, by the kernel that needs it.
        with contextlib.suppress(Exception):
            getattr(importlib.import_module(room), name)(*preload[1:])
    gc.collect()
    # What is there now is never collected, so that kernels share its pages; of what comes, figures and frames make heaps that are
    # looked through for nothing at the usual bound.
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _draw_once() -> None:
    """Draw a figure without pyplot: fonts are found and text is laid out once for all kernels."""
    import io

    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure()
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], label="a")
    axes.set_title("Ærø 50 %")
    axes.legend()
    for kind in ("png", "svg"):
        figure.savefig(io.BytesIO(), format=kind)


def _become_kernel(request: Mapping[str, Any], nursery: int) -> None:
    """In the forked child: become what a stock kernel would be, and never come back."""
    try:
        os.setsid()
        _die_with(nursery)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.environ.clear()
        os.environ.update(request["environment"])
        os.chdir(request["folder"])
        if request["memory"]:
            import resource

            resource.setrlimit(resource.RLIMIT_DATA, (request["memory"], request["memory"]))
        _renew()
        from ipykernel.kernelapp import IPKernelApp

        sys.argv = ["ipykernel_launcher", "-f", *request["arguments"]]
        IPKernelApp.launch_instance(sys.argv[1:])
    finally:
        os._exit(1)


def _renew() -> None:
    """What a fork inherits and a new process would not have."""
    import matplotlib
    import numpy

    # numpy's old global state is not renewed after a fork by itself, as that of `random` is.
    numpy.random.seed()
    # The back end is chosen, and its module run, when the first figure is drawn inside the kernel: only then are figures shown.
    sys.modules.pop("matplotlib_inline.backend_inline", None)
    for settings in (matplotlib.rcParams, matplotlib.rcParamsOrig):
        dict.__setitem__(settings, "backend", os.environ.get("MPLBACKEND", INLINE))


def _die_with(parent: int) -> None:
    """Ask the system to end this process when its parent ends, however that comes about."""
    import ctypes

    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
