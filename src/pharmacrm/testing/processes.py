"""Processes of drivers: warm from the start, and let go at the same moment."""

import multiprocessing
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Any

FORKS = multiprocessing.get_context("forkserver")
"""Children of a server that has loaded everything already: a new process costs milliseconds (POSIX only)."""

FORKS.set_forkserver_preload(["pharmacrm.testing.warm"])

Job = Callable[..., Any]
"""A function of a module: the number of its process, and what else was given."""


class ProcessFailed(RuntimeError):
    """A process of a driver ended with an error of its own."""


def _run(job: Job, number: int, given: Sequence[Any], gate: Any, pipe: Connection) -> None:
    try:
        gate.wait(120)
        pipe.send((job(number, *given), ""))
    except BaseException as error:
        gate.abort()
        pipe.send((None, f"process {number}: {type(error).__name__}: {error}"))
        raise


def together(job: Job, *given: Any, workers: int) -> list[Any]:
    """What each of so many processes answered, in the order of their numbers; they begin at once."""
    gate = FORKS.Barrier(workers)
    running = []
    for number in range(workers):
        ours, theirs = FORKS.Pipe(duplex=False)
        process = FORKS.Process(target=_run, args=(job, number, given, gate, theirs), daemon=True)
        process.start()
        theirs.close()
        running.append((process, ours))
    answers = []
    for process, pipe in running:
        answer, failed = pipe.recv()
        if failed:
            raise ProcessFailed(failed)
        answers.append(answer)
        process.join()
        pipe.close()
    return answers
