"""Who runs a command is the account of its process, not what the environment says."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys

ASK = "from flows.commands.shared import who; print(who())"


def test_the_environment_cannot_name_somebody_else():
    said = {"USER": "Kepala Kantor", "LOGNAME": "Kepala Kantor", "LNAME": "Kepala Kantor"}
    printed = subprocess.run(
        [sys.executable, "-c", ASK],
        env={**os.environ, **said, "USERNAME": "Kepala Kantor"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert printed.strip() == pwd.getpwuid(os.getuid()).pw_name
