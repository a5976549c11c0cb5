"""What is true of RADIUS at the moment of asking: its journal, its database, its configuration, secrets in change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hotspot.metrics import Family, gauge
from radius.custody import Custody
from radius.peers import Peers
from radius.reload import Reload
from radius.shelf import Shelf
from radius.writer import Writer


def gauges(shelf: Shelf, custody: Custody, reload: Reload, peers: Peers, writer: Writer) -> Iterator[Family]:
    yield gauge("hotspot_radius_journal_octets", "Octets that wait in the journal", (), [((), shelf.octets)])
    yield gauge("hotspot_radius_waiting", "Requests that wait for their commit", (), [((), writer.waiting)])
    yield gauge("hotspot_radius_commit_lag_seconds", "How long the commit under way has taken", (), [((), writer.lag)])
    yield gauge("hotspot_radius_database_up", "Whether the last commit went through", (), [((), not custody.is_away)])
    told = "Whether sites.yaml and the secrets, as they are now, are in use"
    yield gauge("hotspot_radius_configuration_fresh", told, (), [((), reload.is_fresh)])
    changing = [((peer.nas,), peer.secrets[0] != peer.newest) for peer in peers if len(peer.secrets) > 1]
    told = "Whether a NAS whose secret is being changed still uses the previous one"
    yield gauge("hotspot_radius_previous_secret", told, ("nas",), changing)


def controllers(answers: Mapping[str, bool]) -> Iterator[Family]:
    """By NAS."""
    answering = [((nas,), one) for nas, one in sorted(answers.items())]
    yield gauge("hotspot_controller_up", "Whether a controller answered when it was last asked", ("nas",), answering)
