"""Work in other processes that ends when this one is interrupted."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import resource_tracker
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Spawned:
    """Processes that take work as it is submitted.

    Ctrl-C reaches every process of a terminal's group. One that hears it in the middle of its work may die with a
    lock in its hands, and the others wait for ever; so only the process that has the workers hears it.
    """

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def submit(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a worker do it; a process that this starts ignores Ctrl-C from its first moment."""
        with _deaf_to_interrupts():
            return self._pool.submit(work, *args, **kwargs)


@contextmanager
def spawned(count: int, *, prepare: Callable[..., Any] | None = None, given: tuple[Any, ...] = ()) -> Iterator[Spawned]:
    """So many processes; all work is done when the block ends, and none goes on after the block was left early.

    Args:
        count: 1 or more.
        prepare: called with `given` in each process before its first work.
    """
    # Forking a process in which onnxruntime has threads can hang; a spawned one starts clean.
    context = multiprocessing.get_context("spawn")
    others = set(multiprocessing.active_children())
    with ProcessPoolExecutor(count, mp_context=context, initializer=prepare, initargs=given) as pool:
        try:
            yield Spawned(pool)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in set(multiprocessing.active_children()) - others:
                process.terminate()
            raise


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """A process that starts meanwhile never hears Ctrl-C; this one hears it afterwards."""
    resource_tracker.ensure_running()  # it lets the signal through again once it has started
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
