"""The tour of docs/TUR.md is what its commands print: the writer of the page, and its shell."""

from __future__ import annotations

import os
import re
from pathlib import Path

from flows import cli
from tests.tour.document import BLOCK, commands, rewritten
from tests.tour.place import FOLDER, ROOT, Shell

PAGE = """Text.

```console
$ first
old output
$ second <<'END'
> line
> END
```

```text
$ not a command
```
"""


def test_each_command_is_followed_by_what_it_prints():
    asked = []

    def run(command: str) -> str:
        asked.append(command)
        return f"printed {len(asked)}  \n"

    page = rewritten(PAGE, run)
    assert asked == ["first", "second <<'END'\nline\nEND"]
    assert "$ first\nprinted 1\n$ second <<'END'\n> line\n> END\nprinted 2\n```" in page
    assert "$ not a command" in page
    asked.clear()
    assert rewritten(page, run) == page


def test_the_shell_keeps_what_is_exported_and_tells_an_exit_code(tmp_path: Path):
    shell = Shell(tmp_path, dict(os.environ))
    assert shell.run("export KATA='dua kata'") == ""
    assert shell.run('echo "$KATA di $PWD"; exit 2') == (f"dua kata di {FOLDER}\n[kode keluar 2]\n")


def test_the_page_shows_commands_that_there_are():
    page = (ROOT / "docs" / "TUR.md").read_text(encoding="utf-8")
    shown = [command for block in BLOCK.findall(page) for command in commands(block)]
    names = {command.name or command.callback.__name__ for command in cli.app.registered_commands}
    names |= {group.name for group in cli.app.registered_groups}
    used = {word for command in shown for word in re.findall(r"\biku ([a-z]+)", command)}
    assert len(shown) >= 25
    assert "scorecard" in used
    assert used <= names
