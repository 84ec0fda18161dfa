"""Usage: what the parser of the command line refuses, told in Indonesian."""

from __future__ import annotations

import re

import typer

SAID = (
    (r"No such command '(.+?)'\.(?: Did you mean (.+)\?)?", "Perintah “{0}” tidak ada."),
    (r"Missing command\.", "Perintahnya belum ditulis."),
    (r"Missing \w+ '(.+)'\.", "{0} belum ditulis."),
    (r"No such option: (\S+)(?: \(Possible options: (.+)\))?", "Pilihan {0} tidak ada."),
    (r"Option '(.+)' requires .+", "{0} belum diberi isi."),
    (r"Option '(.+)' does not take a value\.", "{0} ditulis tanpa isi."),
    (r"Got unexpected extra argument\(s\) \((.+)\)", "“{0}” tidak diperlukan di sini."),
    (r"Invalid value for '(.+?)': .*valid integer.*", "{0} harus bilangan bulat."),
    (r"Invalid value for '(.+?)': .*less than or equal to (\S+)", "{0} paling besar {1}."),
    (r"Invalid value for '(.+?)': .*greater than or equal to (\S+)", "{0} paling kecil {1}."),
    (r"Invalid value for '(.+?)': .*", "Isi {0} tidak dapat dipakai."),
)
"""What the parser says, and the same in Indonesian; a second group alone is a suggestion."""


def told(refusal: typer.TyperException) -> str:
    """Return what is wrong with a command line, and where to read how it is written."""
    context = getattr(refusal, "ctx", None)
    help_of = context.command_path if context else "iku"
    return f"{_sentence(refusal.format_message())} Lihat `{help_of} --help`."


def _sentence(message: str) -> str:
    for pattern, sentence in SAID:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            said = sentence.format(*found.groups())
            meant = found[2] if found.re.groups > 1 and "{1}" not in sentence else None
            return f"{said} Mungkin maksudnya {meant.replace(chr(39), '')}?" if meant else said
    return "Perintah ini tidak dapat dipahami."
