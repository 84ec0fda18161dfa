"""First set-up: from a Metabase that nobody has touched to an API key."""

from __future__ import annotations

import time
from pathlib import Path

from flows.machine.secret_files import secret
from flows.metabase.api import access
from flows.metabase.api.access import Access, NoMetabase
from flows.metabase.api.client import MetabaseClient, MetabaseError

KEY_NAME = "iku-warehouse"
PASSWORD_FILE = "metabase_admin_password"
PAUSE = 2.0


def wait_until_ready(client: MetabaseClient, seconds: float = 300) -> None:
    """Wait until the server says that it is well.

    Raises:
        MetabaseError: it does not within the time.
    """
    end = time.monotonic() + seconds
    while True:
        try:
            client.read("/api/health")
        except MetabaseError as error:
            if time.monotonic() > end or error.status not in (None, 503):
                raise
            client.sleep(PAUSE)
        else:
            return


def set_up(given: Access, home: Path, site_name: str, locale: str) -> None:
    """Make the administrator and an API key, and keep both secrets in `home`.

    On a server that has users already, the administrator that an earlier, broken off set-up made
    logs in again; nobody else's account is touched.

    Raises:
        NoMetabase: no address or e-mail is given, or the server belongs to somebody else.
    """
    if given.url is None or given.email is None:
        raise NoMetabase("Isi IKU_METABASE_URL dan IKU_METABASE_EMAIL untuk menyiapkan Metabase.")
    stranger = MetabaseClient(given.url, allow_http=given.allow_http)
    wait_until_ready(stranger)
    password = secret(home, PASSWORD_FILE, None)
    stranger.hide(password)
    properties = stranger.read("/api/session/properties")
    if properties["has-user-setup"]:
        session = _log_in(stranger, given.email, password)
    else:
        session = stranger.request(
            "POST",
            "/api/setup",
            body={
                "token": properties["setup-token"],
                "user": {"email": given.email, "password": password, "first_name": "Admin"},
                "prefs": {"site_name": site_name, "site_locale": locale},
            },
        )["id"]
    client = MetabaseClient(given.url, session=session, allow_http=given.allow_http)
    access.store_key(home, _api_key(client))
    client.request("DELETE", "/api/session")


def _log_in(client: MetabaseClient, email: str, password: str) -> str:
    try:
        answer = client.request(
            "POST", "/api/session", body={"username": email, "password": password}
        )
    except MetabaseError as error:
        if error.status != 401:
            raise
        raise NoMetabase(
            "Metabase ini sudah disiapkan orang lain. Buat kunci API di Admin, Settings, "
            "Authentication, lalu isi IKU_METABASE_API_KEY."
        ) from error
    session: str = answer["id"]
    return session


def _api_key(client: MetabaseClient) -> str:
    """Return a new secret for our key: it is shown once, so an old key gets a new secret."""
    ours = [row for row in client.read("/api/api-key") if row["name"] == KEY_NAME]
    if ours:
        answer = client.request("PUT", f"/api/api-key/{ours[0]['id']}/regenerate")
        return str(answer["unmasked_key"])
    group = next(
        row["id"]
        for row in client.read("/api/permissions/group")
        if row.get("magic_group_type") == "admin"
    )
    body = {"name": KEY_NAME, "group_id": group}
    return str(client.request("POST", "/api/api-key", body=body)["unmasked_key"])
