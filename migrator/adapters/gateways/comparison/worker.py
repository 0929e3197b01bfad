"""A process that reads dumps for another: `python -m …worker DESCRIPTOR`. It asks nobody, and ends when its parent does.

Jobs and outcomes travel over one socket between the two; the end of the file is the parent's end, however that came.
"""

from __future__ import annotations

import gc
import signal
import sys
from multiprocessing.connection import Connection

from migrator.adapters.gateways.comparison.comparing import Job, Outcome, done
from migrator.domain.messages.errors import MigratorError


def serve(connection: Connection) -> None:
    """Do one job after the other until the parent hangs up."""
    while True:
        try:
            job = connection.recv()
        except EOFError:
            return
        answer = attempt(job)
        del job  # one dump a process: it is gone before the next one comes
        connection.send(answer)


def attempt(job: Job) -> Outcome | MigratorError:
    """Do a job; what goes wrong is an answer."""
    try:
        return done(job)
    except MigratorError as error:
        return error


if __name__ == "__main__":
    gc.disable()  # documents have no circles, and looking for some takes a third of the time
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then hangs up
    serve(Connection(int(sys.argv[1])))
