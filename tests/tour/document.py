"""The page: its blocks of commands, and the page again with what the commands printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PROMPT, MORE = "$ ", "> "


def commands(block: str) -> Iterator[str]:
    """Give the commands of a block; further lines of one begin with `> `, as in a shell."""
    command: list[str] = []
    for line in block.splitlines():
        if line.startswith(PROMPT):
            if command:
                yield "\n".join(command)
            command = [line.removeprefix(PROMPT)]
        elif line.startswith(MORE) and command:
            command.append(line.removeprefix(MORE))
    if command:
        yield "\n".join(command)


def rewritten(page: str, run: Callable[[str], str]) -> str:
    """Return the page with each command followed by what `run` says it printed."""

    def block(found: re.Match[str]) -> str:
        return f"```console\n{''.join(map(shown, commands(found[1])))}```"

    def shown(command: str) -> str:
        typed = PROMPT + command.replace("\n", f"\n{MORE}") + "\n"
        printed = "\n".join(line.rstrip() for line in run(command).splitlines())
        return typed + (printed + "\n" if printed else "")

    return BLOCK.sub(block, page)
