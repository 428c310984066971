"""Papermill's notebook client with limits: per cell and notebook, capped output, no network between us and the kernel."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines

from vvvresearch.batch._failures import cell_name
from vvvresearch.batch._plan import Limits
from vvvresearch.batch._provision import NAMED_THREADS, Provision

ENGINE_NAME = "vvvresearch"
# A kernel that starts on a busy machine needs a while; one that never answers is reported after this.
START_SECONDS = 120


class Session:
    """One execution: what the client needs, and what it tells on the way.

    Args:
        limits: time and output.
        environment: of the kernel.
        folder: where the kernel works.
        provision: how kernels are started.
        on_cell: called with the place of each code cell that starts, how many there are, and its name.
        on_kernel: called with the kernel's process group when it has started, and with None when it has ended.
    """

    def __init__(
        self,
        limits: Limits,
        environment: Mapping[str, str],
        folder: Path,
        provision: Provision,
        on_cell: Callable[[int, int, str], None],
        on_kernel: Callable[[int | None], None],
    ) -> None:
        self.limits = limits
        self.environment = dict(environment)
        self.folder = folder
        self.provision = provision
        self.on_cell = on_cell
        self.on_kernel = on_kernel
        self.cell = ""

    def run(self, notebook_manager: Any) -> None:
        """Execute the notebook that papermill has prepared."""
        # Sockets in a folder only we can enter; its name must be short, for a socket's path may hold 107 characters.
        sockets = tempfile.mkdtemp(prefix="vvv-")
        client = _Client(
            notebook_manager,
            session=self,
            sockets=Path(sockets),
            kernel_name="python3",
            startup_timeout=START_SECONDS,
            shutdown_kernel="immediate",
            iopub_timeout=30,
            log=logging.getLogger("vvvresearch.batch.client"),
        )
        try:
            # A profile of its own: start-up files of whoever runs this must not change a number.
            client.execute(env={**self.environment, "IPYTHONDIR": sockets}, cwd=str(self.folder))
        finally:
            self.on_kernel(None)
            shutil.rmtree(sockets, ignore_errors=True)


class _Engine(NBClientEngine):  # type: ignore[misc]
    """Papermill's hook for executing a notebook in another way than its own."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, *, session: Session, **_: Any) -> None:
        session.run(nb_man)


class _KernelClient(AsyncKernelClient):
    """Jupyter's client, ready as soon as both channels have answered instead of a fifth of a second after."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        deadline = time.monotonic() + (timeout or START_SECONDS)
        while time.monotonic() < deadline:
            self.kernel_info()
            try:
                reply = await self.shell_channel.get_msg(timeout=1)
                if reply["msg_type"] == "kernel_info_reply":
                    # Only a subscription that is connected brings the kernel's "busy"; the first question often comes too early.
                    await self.iopub_channel.get_msg(timeout=0.02)
                    return
            except Empty:
                pass
            if not await self._async_is_alive():
                raise DeadKernelError("the kernel died while it started")
        raise DeadKernelError(f"the kernel did not answer within {timeout:g} seconds")


class _Manager(AsyncKernelManager):
    """Jupyter's kernel manager, looking more often whether a killed kernel has ended."""

    async def _async_wait(self, pollinterval: float = 0.1) -> None:
        await super()._async_wait(pollinterval=min(pollinterval, 0.005))


class _Client(PapermillNotebookClient):  # type: ignore[misc]
    """Executes cells; raises `CellTimeoutError` when a limit is reached."""

    def __init__(self, notebook_manager: Any, *, session: Session, sockets: Path, **options: Any) -> None:
        super().__init__(notebook_manager, **options)
        self.session = session
        self.sockets = sockets
        self.started = time.monotonic()
        self.kept = 0
        self.cut: int | None = None
        self.timeout_func = self._seconds_left
        self.code_cells = [index for index, cell in enumerate(self.nb.cells) if cell.cell_type == "code"]

    def create_kernel_manager(self) -> Any:
        self.kernel_manager_class = _Manager
        manager = super().create_kernel_manager()
        if sys.platform != "win32":
            manager.transport = "ipc"
            manager.ip = str(self.sockets / "s")
        manager.client_factory = _KernelClient
        manager.connection_file = str(self.sockets / "k.json")
        # Not the kernelspec of the user's folders: what runs is this Python, with this package.
        manager._kernel_spec = KernelSpec(**self.session.provision.kernel_spec())
        self.session.provision.register()
        return manager

    def start_new_kernel_client(self, **options: Any) -> Any:
        self.session.on_kernel(getattr(self.km.provisioner, "pgid", None))
        self._wait_for_sockets()
        return super().start_new_kernel_client(**options)

    def _wait_for_sockets(self) -> None:
        """Wait until the kernel listens: a connection that comes too early is tried again only a tenth of a second later."""
        if self.km.transport != "ipc":
            return
        ports = (self.km.shell_port, self.km.iopub_port, self.km.control_port)
        deadline = time.monotonic() + START_SECONDS
        while not all(Path(f"{self.km.ip}-{port}").exists() for port in ports):
            if time.monotonic() > deadline or self.km.provisioner.process is None or self.km.provisioner.process.poll() is not None:
                raise DeadKernelError("the kernel died while it started")
            time.sleep(0.002)

    def _seconds_left(self, _cell: Any) -> float | None:
        limits = self.session.limits
        left = None if limits.notebook_seconds is None else limits.notebook_seconds - (time.monotonic() - self.started)
        if left is not None and left <= 0:
            raise CellTimeoutError(f"the notebook took longer than its {limits.notebook_seconds:g} seconds")
        bounds = [seconds for seconds in (limits.cell_seconds, left) if seconds is not None]
        return min(bounds) if bounds else None

    async def _async_handle_timeout(self, timeout: float, cell: Any = None) -> None:
        limits = self.session.limits
        if limits.cell_seconds is not None and timeout >= limits.cell_seconds:
            raise CellTimeoutError(f"the cell took longer than its {limits.cell_seconds:g} seconds")
        raise CellTimeoutError(f"the notebook took longer than its {limits.notebook_seconds:g} seconds")

    def execute_cell(self, cell: Any, cell_index: int, **options: Any) -> Any:
        if cell.cell_type == "code":
            self.session.cell = cell_name(cell.source, cell.metadata, cell_index + 1)
            self.session.on_cell(self.code_cells.index(cell_index) + 1, len(self.code_cells), self.session.cell)
        return super().execute_cell(cell, cell_index, **options)

    def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
        if msg["msg_type"] == "stream":
            text = msg["content"]["text"]
            limit = self.session.limits.output_kb * 1024
            if self.kept + len(text) > limit:
                if self.cut == cell_index:
                    return None
                self.cut = cell_index
                left = max(0, limit - self.kept)
                msg["content"]["text"] = f"{text[:left]}\n… printed text beyond {self.session.limits.output_kb} kB is not kept\n"
            self.kept += len(text)
        return super().process_message(msg, cell, cell_index)


def kernel_environment(reads_file: Path, reads_variable: str) -> dict[str, str]:
    """The environment of a kernel: as ours, with what makes two runs equal.

    Hash order is fixed; a kernel computes with one thread, since several run side by side; figures are always drawn inline.
    """
    threads = dict.fromkeys(NAMED_THREADS, "1")
    fixed = {
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        reads_variable: str(reads_file),
    }
    return {**os.environ, **threads, **fixed}


def execute(source: Path, target: Path, parameters: Mapping[str, Any], session: Session) -> None:
    """Execute a notebook through papermill's own function, with this engine underneath."""
    from papermill import execute_notebook

    papermill_engines.register(ENGINE_NAME, _Engine)
    for name in ("papermill", "vvvresearch.batch.client", "traitlets"):
        # With a handler of its own a logger no longer falls back to printing into our display.
        logger = logging.getLogger(name)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
    execute_notebook(
        str(source),
        str(target),
        parameters=dict(parameters),
        engine_name=ENGINE_NAME,
        kernel_name="python3",
        language="python",
        progress_bar=False,
        request_save_on_cell_execute=False,
        session=session,
    )
