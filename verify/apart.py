"""Work in a process of its own, which leaves without freeing what it traced."""

import os
import signal
from collections.abc import Callable
from multiprocessing import Pipe
from typing import Any

LIMIT = 1800  # seconds for one backbone


def apart(work: Callable[[], Any]) -> Any:
    """Run in a child that leaves without cleaning up: freeing a traced model sometimes hangs."""
    here, there = Pipe(duplex=False)
    child = os.fork()
    if child == 0:
        signal.alarm(LIMIT)
        try:
            there.send(work())
        except Exception as error:  # whatever a library raises is told, and the next backbone is tried
            there.send(RuntimeError(f"{type(error).__name__}: {error}"))  # not itself: it may hold what cannot be sent
        finally:
            os._exit(0)
    there.close()
    try:
        result = here.recv()
    except EOFError:
        result = TimeoutError(f"no answer within {LIMIT} s")
    os.waitpid(child, 0)
    if isinstance(result, Exception):
        raise result
    return result
