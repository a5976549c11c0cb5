"""``hotspot doctor`` in a real house: RADIUS answers it, the absent NAS does not, and the office can read it."""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import select

from hotspot.secret import Secret
from hotspot.tables import diagnoses
from monitor.doctor.visit import address
from monitor.probes import status_server
from tests.peers.house import house

NAS = "gw-romansa-kuliner"


def test_the_doctor_finds_what_is_well_and_what_is_ill_and_leaves_it_for_the_office(tmp_path: Path) -> None:
    with house(tmp_path) as built:
        done = built.command("hotspot", "doctor", NAS)
        with built.store() as store, store.reading() as connection:
            row = connection.execute(select(diagnoses)).one()
        health = {one["check"]: one["health"] for one in json.loads(row.findings)}

        assert done.returncode == 1, done.stderr
        assert "change-of-authorisation" in done.stdout
        assert len(health) >= 12
        assert {name: health[name] for name in ("radius-auth", "radius-acct", "api-json", "tls-chain")} == {
            "radius-auth": "well",
            "radius-acct": "well",
            "api-json": "ill",  # the sample's portal has no TLS
            "tls-chain": "ill",
        }
        assert (health["radius-from-nas"], health["change-of-authorisation"]) == ("ill", "ill")
        assert health["ipv6-leak"] == "unseen"

        nas = built.sites.nas[NAS].address
        status_server.ask(address(built.address("radius", "auth")), Secret("pasted-wrongly-there"), NAS, nas, 0.2)
        again = built.command("hotspot", "doctor", NAS)
        assert "unknown" in built.command("hotspot", "doctor", "unknown").stderr
    assert "ill     wrong-secret            2 packets came under another secret" in again.stdout, again.stdout
