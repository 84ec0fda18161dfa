"""Publish the dashboards: what `iku metabase plan | apply | drift | prune` do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flows.machine.settings import Settings, SettingsError
from flows.metabase import apply as applying
from flows.metabase import plan, prune, trial
from flows.metabase import store as state
from flows.metabase.api import access, bootstrap
from flows.metabase.api.access import Access, NoMetabase
from flows.metabase.api.client import BadAddress, MetabaseClient, MetabaseError
from flows.metabase.api.server import Address, Confused, Server
from flows.metabase.apply import Applied
from flows.metabase.kinds.differences import compare
from flows.metabase.plan import NotAPlan, Plan
from flows.metabase.prune import Pruned
from flows.metabase.specs import labels, specs
from flows.metabase.specs.answers import NothingToShow
from flows.metabase.specs.specs import SpecError, Specs
from flows.metabase.store import Busy
from flows.metabase.trial import Trial
from flows.warehouse.connection import Warehouse


class CardsFail(RuntimeError):
    """After apply a card or a dashboard does not work; one line each."""


FAILURES = (
    applying.EditedMeanwhile, applying.NotAsWritten, BadAddress, Busy, CardsFail, Confused,
    MetabaseError, NoMetabase, NotAPlan, NothingToShow, OSError, SettingsError, SpecError,
)  # fmt: skip
"""What can go wrong without being a defect of the program; most messages are Indonesian."""


@dataclass(frozen=True, slots=True)
class Published:
    """What `apply` did, and what it ran to see that it works."""

    applied: Applied
    trial: Trial


@dataclass(frozen=True, slots=True)
class Drifted:
    """An object that is not as the last apply left it: the leaves moved by hand."""

    key: str
    is_gone: bool
    leaves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Publisher:
    """A server of Metabase, and the warehouse it shows and is remembered in."""

    client: MetabaseClient
    warehouse: Warehouse
    address: Address
    specs: Specs

    @property
    def instance(self) -> str:
        """Return the name under which this server is remembered."""
        return f"{self.client.domain}|{self.warehouse.database}"

    def plan(self) -> Plan:
        """Tell what `apply` would do; writes nothing."""
        return self._planned()[1]

    def apply(
        self, seen: Mapping[str, str | None] | None = None, *, try_out: bool = True
    ) -> Published:
        """Make the server as the specs say, then run every card.

        Args:
            seen: what the plan that was looked at saw; what changed since is not overwritten.
            try_out: run the cards afterwards.

        Raises:
            EditedMeanwhile: something changed since then.
            CardsFail: everything was written, but something on it does not work.
        """
        with state.alone(self.warehouse):
            server, fresh = self._planned()
            if seen is not None:
                applying.refuse_edited(seen, fresh)
            applied = applying.run(server, self.warehouse, self.instance, fresh)
            found = trial.run(server) if try_out else Trial()
        if found.failures:
            raise CardsFail("\n".join(found.failures))
        return Published(applied, found)

    def drift(self) -> list[Drifted]:
        """Tell what differs from what the last apply left, whoever moved it."""
        server, planned = self._planned()
        rows = state.load(self.warehouse, self.instance)
        found = []
        for change in planned.changes:
            row = rows.get(change.key)
            if row is None or row.is_archived:
                continue
            there = plan.read(server, change.key)
            leaves = compare(row.canonical, there or {}, None).ours
            if leaves:
                found.append(Drifted(change.key, there is None, leaves))
        return found

    def prune(self) -> Pruned:
        """Archive what the specs hold no more."""
        with state.alone(self.warehouse):
            server, planned = self._planned()
            rows = state.load(self.warehouse, self.instance)
            return prune.run(server, self.warehouse, self.instance, planned, rows)

    def _planned(self) -> tuple[Server, Plan]:
        self.client.hide(self.address.password)
        server = Server(self.client, self.specs, self.address, labels.of_marts(self.warehouse))
        return server, plan.make(server, state.load(self.warehouse, self.instance))


def open_publisher(
    settings: Settings,
    warehouse: Warehouse,
    given: Access | None = None,
    *,
    may_set_up: bool = False,
) -> Publisher:
    """Return the publisher that the environment names.

    Args:
        settings: where the API key is kept, and Postgres is.
        warehouse: what is shown.
        given: the environment, if it was read already.
        may_set_up: make an administrator and a key on a fresh server.

    Raises:
        NoMetabase: there is no address, or neither a key nor a fresh server.
        SpecError: the specs cannot be used.
    """
    given = given or Access()
    loaded = specs.load()
    if may_set_up and not access.has_key(given, settings.home) and given.url and given.email:
        site = loaded.site.settings
        bootstrap.set_up(given, settings.home, site["site-name"], site["site-locale"])
    client = access.client(given, settings.home)
    bootstrap.wait_until_ready(client)
    address = access.address(given, settings, warehouse.database)
    return Publisher(client, warehouse, address, loaded)
