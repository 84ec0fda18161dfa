"""Publish the dashboards: what `iku metabase plan | apply | drift | prune` do."""

from __future__ import annotations

from dataclasses import dataclass

from flows.io.metabase import access, bootstrap, labels, plan, prune, specs, state, trial
from flows.io.metabase import apply as applying
from flows.io.metabase.access import Access
from flows.io.metabase.apply import Applied
from flows.io.metabase.client import MetabaseClient
from flows.io.metabase.differences import compare
from flows.io.metabase.plan import Plan
from flows.io.metabase.prune import Pruned
from flows.io.metabase.server import Address, Server
from flows.io.metabase.specs import Specs
from flows.io.metabase.trial import Trial
from flows.io.settings import Settings
from flows.io.warehouse import Warehouse

NOTHING_TO_DO, FAILED, PENDING = 0, 1, 2
"""Exit codes of `plan` and `drift`."""


class CardsFail(RuntimeError):
    """After apply a card or a dashboard does not work; one line each."""


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
        self, planned: Plan | None = None, *, force: bool = False, try_out: bool = True
    ) -> Published:
        """Make the server as the specs say, then run every card.

        Args:
            planned: the plan that was looked at; what changed since then is not overwritten.
            force: overwrite that too.
            try_out: run the cards afterwards.

        Raises:
            EditedMeanwhile: something changed since `planned`.
            CardsFail: everything was written, but something on it does not work.
        """
        with state.alone(self.warehouse):
            server, fresh = self._planned()
            if planned is not None and not force:
                applying.refuse_edited(planned, fresh)
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
    settings: Settings, warehouse: Warehouse, given: Access | None = None
) -> Publisher:
    """Return the publisher that the environment names; a fresh server is set up first.

    Raises:
        NoMetabase: there is no address, or neither a key nor a fresh server.
        SpecError: the specs cannot be used.
    """
    given = given or Access()
    loaded = specs.load()
    if not access.has_key(given, settings.home) and given.url and given.email:
        site = loaded.site.settings
        bootstrap.set_up(given, settings.home, site["site-name"], site["site-locale"])
    client = access.client(given, settings.home)
    bootstrap.wait_until_ready(client)
    address = access.address(given, settings, warehouse.database)
    return Publisher(client, warehouse, address, loaded)
