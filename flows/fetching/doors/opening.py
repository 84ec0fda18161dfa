"""Opening: the door that the options of a source describe."""

from __future__ import annotations

import os
from zoneinfo import ZoneInfo

from flows.fetching.doors.database import DatabaseDoor
from flows.fetching.doors.door import Door
from flows.fetching.doors.files import FolderDoor, HttpDoor
from flows.fetching.doors.options import (
    DatabaseOptions,
    FolderOptions,
    HttpOptions,
    InboxOptions,
    Options,
    SiasnOptions,
)


def open_door(options: Options, *, settle_seconds: float, zone: ZoneInfo) -> Door:
    """Return the door of a source; its secrets are read from the environment when it is used.

    Raises:
        ValueError: nobody fetches from the inbox.
    """
    match options:
        case FolderOptions():
            return FolderDoor(options, settle_seconds)
        case HttpOptions():
            return HttpDoor(options, os.environ)
        case DatabaseOptions():
            return DatabaseDoor(options, os.environ, zone)
        case SiasnOptions():
            from flows.fetching.doors.siasn.door import SiasnDoor

            return SiasnDoor(options, os.environ)
        case InboxOptions():
            raise ValueError("the inbox is no door to fetch from")
