"""The kernels of the chapters, each a fork of one process that has loaded what every kernel needs.

A chapter's kernel begins with nothing of its own, as everywhere; only that Python, Jupyter and the kept answers need not be
loaded for it once more. The process that is forked is itself a fork of the build, made for its first kernel: it runs no
thread, does what it is told on a pipe, and waits for its kernels, so that their time counts as the build's.
"""

import asyncio
import gc
import os
import signal
import sys
import warnings
from importlib.metadata import EntryPoint
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from sphinx.application import Sphinx

from peft_vlm_survey import asking

_NAME = "forked"
_LAUNCHER = ["-m", "ipykernel_launcher"]


def setup(app: Sphinx) -> None:
    """Let kernels be forked."""
    if hasattr(os, "fork"):
        factory = KernelProvisionerFactory.instance()
        factory.provisioners[_NAME] = EntryPoint(
            _NAME, f"{__name__}:{Forked.__name__}", KernelProvisionerFactory.GROUP_NAME
        )
        factory.default_provisioner_name = _NAME
        app.connect("build-finished", lambda app, error: _end())


class Forked(LocalProvisioner):
    """What starts a chapter's kernel as a fork, and any other kernel as ever."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start a kernel and return how to reach it."""
        if cmd[1:3] != _LAUNCHER:
            return await super().launch_kernel(cmd, **kwargs)
        self.cwd = kwargs.get("cwd") or Path.cwd()
        environment = kwargs.get("env") or dict(os.environ)
        kernel = _Kernel(_nursery(), cmd[3:], str(self.cwd), environment)
        self.process = kernel  # type: ignore[assignment]
        self.pid = self.pgid = kernel.pid
        return self.connection_info


class _Kernel:
    """A kernel as its provisioner knows it: what of `subprocess.Popen` is asked for."""

    stdin = stdout = stderr = None

    def __init__(self, nursery: Connection, arguments: list[str], folder: str, environment: dict[str, str]) -> None:
        self._nursery = nursery
        self.pid: int = self._ask("begin", arguments, folder, environment)
        self.returncode: int | None = None

    def _ask(self, *wish: Any) -> Any:
        self._nursery.send(wish)
        return self._nursery.recv()

    def poll(self) -> int | None:
        """Return the status with which the kernel ended, or None while it runs."""
        if self.returncode is None:
            self.returncode = self._ask("poll", self.pid)
        return self.returncode

    def wait(self) -> int | None:
        """Wait until the kernel has ended, and return its status."""
        if self.returncode is None:
            self.returncode = self._ask("wait", self.pid)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send the kernel a signal, if it runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Make the kernel end."""
        self.send_signal(signal.SIGKILL)


_begun: dict[int, tuple[Connection, Finalize]] = {}  # by the process that began it: a fork of the build has its own


def _nursery() -> Connection:
    """Return the pipe to the process that forks kernels for this one, and begin it where there is none."""
    if os.getpid() not in _begun:
        ours, theirs = Pipe()
        sys.stdout.flush()  # or what waits there would be said by every kernel
        sys.stderr.flush()
        child = os.fork()
        if not child:
            ours.close()
            _hear_for_itself()
            status = 1
            try:
                _tend(theirs)
                status = 0
            finally:
                os._exit(status)
        theirs.close()
        _begun.clear()
        _begun[os.getpid()] = ours, Finalize(None, _ended, (ours, child), exitpriority=0)
    return _begun[os.getpid()][0]


def _hear_for_itself() -> None:
    """Take signals as a process does that has just begun: a fork would tell them to the loop of the build, which would obey."""
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _end() -> None:
    """End the process that forks kernels, if this one has begun it."""
    if os.getpid() in _begun:
        _, end = _begun.pop(os.getpid())
        end()


def _ended(pipe: Connection, child: int) -> None:
    pipe.close()
    os.waitpid(child, 0)


def _tend(wishes: Connection) -> None:
    """Fork kernels and say what became of them, until nobody asks any more; then end those that still run."""
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # or the debugger tells every build how Python was begun
    from ipykernel import debugger, kernelapp  # noqa: F401 (loaded once, for all of them)

    asking._kept()
    gc.freeze()
    running = set()
    while True:
        try:
            wish, *about = wishes.recv()
        except EOFError:
            break
        if wish == "begin":
            kernel = os.fork()
            if not kernel:
                wishes.close()
                _run(kernelapp, *about)
            running.add(kernel)
            wishes.send(kernel)
            continue
        ended, status = os.waitpid(about[0], os.WNOHANG if wish == "poll" else 0)
        running.discard(ended)
        wishes.send(os.waitstatus_to_exitcode(status) if ended else None)
    for kernel in running:
        os.kill(kernel, signal.SIGKILL)
        os.waitpid(kernel, 0)


def _warn_as_ever() -> None:
    """Show the warnings that Python shows where nobody has asked for others."""
    warnings.resetwarnings()
    warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")
    for quiet in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):
        warnings.simplefilter("ignore", quiet, append=True)


def _run(kernelapp: Any, arguments: list[str], folder: str, environment: dict[str, str]) -> None:
    """Be a kernel, and end with it."""
    status = 1
    try:
        os.setsid()
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(folder)
        asyncio.set_event_loop(asyncio.new_event_loop())  # the one that is there is the build's
        sys.argv = ["ipykernel_launcher", *arguments]
        _warn_as_ever()
        # It ends when the process that forked it does.
        kernelapp.launch_new_instance(argv=[*arguments, f"--IPKernelApp.parent_handle={os.getppid()}"])
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(bool(end.code))
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
