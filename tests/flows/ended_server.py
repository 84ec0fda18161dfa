"""The end of a Prefect server with which flows of this process have worked."""

from pathlib import Path

from flows.operating.prefect import server as prefect_server


def end(home: Path) -> None:
    """Send what events are left, forget the way to the server, and stop it.

    Else the events of the next server's flows would wait for this one, for minutes.
    """
    from prefect.events.worker import EventsWorker  # after the environment it reads

    EventsWorker.drain_all()
    prefect_server.stop(home)
