"""The errors of the stand-in, in the three shapes of the contract."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """An answer with a status of its own; text or JSON, as the real server would say it."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(f"{status}: {body}")
        self.status, self.body = status, body


def unauthenticated() -> Refusal:
    return Refusal(401, "Unauthenticated")


def forbidden() -> Refusal:
    return Refusal(403, "You don't have permissions to do that.")


def not_found() -> Refusal:
    return Refusal(404, "Not found.")


def archived() -> Refusal:
    body = {"message": "The object has been archived.", "error_code": "archived"}
    return Refusal(404, body)


def invalid(**fields: str) -> Refusal:
    specific = {key: [said] for key, said in fields.items()}
    return Refusal(400, {"errors": fields, "specific-errors": specific})


def premium(feature: str) -> Refusal:
    return Refusal(
        402,
        {
            "message": f"{feature} is a paid feature not currently available to your instance.",
            "status": "error-premium-feature-not-available",
            "via": [],
            "trace": [],
        },
    )


def crash(message: str) -> Refusal:
    return Refusal(500, {"message": message, "via": [], "trace": ["..."], "cause": message})
