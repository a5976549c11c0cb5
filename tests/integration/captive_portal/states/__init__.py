"""Every page of the portal in every state that a visitor may meet, by name: looked at by axe-core and in pictures."""

from __future__ import annotations

from tests.integration.captive_portal.states import arrivals, entries, reading, rights, visits
from tests.integration.captive_portal.states.state import Stage, State

# Endpoints that never show a page: data for machines, and ways to somewhere else.
NO_PAGE = frozenset(
    {
        "api.captive",
        "help.go",
        "help.called",
        "complaints.file",
        "my_data.look_up",
        "webhooks.greet",
        "webhooks.take",
        "guest.guest",
        "authmon.authmon",
        "smart_client.login",
        "smart_client.result",
        "smart_client.abort",
    }
)
PARTS = (arrivals, entries, visits, rights, reading)
STATES = {state.name: state for part in PARTS for state in part.states()}

__all__ = ["NO_PAGE", "PARTS", "STATES", "Stage", "State"]
