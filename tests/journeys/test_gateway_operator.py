"""What an operator can do at a door of our own, and what they are told when something is wrong."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.peers.gateway_house import NAS, Museum, online, opened
from tests.peers.gateway_place import MACS
from tests.peers.process import wait_until

_GET = """
import sys, urllib.request as r
try: print(r.urlopen(sys.argv[1], timeout=5).read().decode())
except r.HTTPError as error: print(error.code, error.read().decode())
"""


@pytest.fixture(scope="module")
def museum(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Museum]:
    with opened(tmp_path_factory.mktemp("operator")) as built:
        yield built


def ops(museum: Museum, path: str) -> str:
    return museum.site.gate.python(_GET, f"http://127.0.0.1:9814{path}")


def test_status_shows_who_is_online_without_showing_whose_phone_it_is(museum: Museum) -> None:
    assert "0 online, " in museum.command("status").stdout
    museum.tap()

    said = museum.command("status").stdout

    assert "\n1 online, " in said
    assert f"  {MACS[0][:8]}:**:**:**  " in said
    assert "  RADIUS\n" in said


def test_metrics_count_by_nas_and_site_and_never_by_client(museum: Museum) -> None:
    page = ops(museum, "/metrics")

    assert f'hotspot_gateway_online{{nas="{NAS}",site="museum-tosan-aji"}} 1.0' in page
    assert f'hotspot_gateway_logins_total{{nas="{NAS}",result="accepted",site="museum-tosan-aji"}} 1.0' in page
    session = museum.sessions()[0].acct_session_id
    assert not [secret for secret in (session, MACS[0], museum.sessions()[0].user_name) if secret in page]
    assert ops(museum, "/-/healthy") == "the door stands\n\n"
    assert ops(museum, "/").startswith("404 ")


def test_kick_takes_a_session_or_a_mac_and_says_when_nobody_has_it(museum: Museum) -> None:
    by_session = museum.command("kick", museum.sessions()[0].acct_session_id)
    assert by_session.stdout == f"session {museum.sessions()[0].acct_session_id} has ended\n"
    assert not online(museum)
    wait_until(lambda: museum.sessions()[0].stopped_at is not None, "RADIUS has the Stop")
    assert museum.sessions()[0].stop_cause == 6  # Admin-Reset

    museum.tap()
    by_mac = museum.command("kick", MACS[0].upper().replace(":", "-"))
    again = museum.command("kick", MACS[0])

    assert by_mac.stdout.endswith(" has ended\n")
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr == "nobody online has that session id or MAC; see: hotspot-gateway status\n"


def test_check_prints_what_the_kernel_takes_and_changes_nothing(museum: Museum) -> None:
    gate = museum.site.gate
    before = gate.run("nft", "--stateless", "--terse", "list", "ruleset")
    done = museum.command("check")
    ruleset = museum.folder / "printed.nft"
    ruleset.write_text(done.stdout)

    gate.run("nft", "-c", "-f", str(ruleset))

    assert done.stdout.startswith(f"# gateway {NAS}: sites file and secrets are in order\n")
    assert "table bridge hotspot" in done.stdout, "its LAN is a bridge"
    assert museum.command("--check").stdout == done.stdout
    assert gate.run("nft", "--stateless", "--terse", "list", "ruleset") == before


def test_wrong_use_is_one_sentence(museum: Museum) -> None:
    assert museum.command("kick").returncode == 2
    assert museum.command("status", "somebody").returncode == 2
    other = museum.command("check", "--nas", "gw-pendopo-bupati")
    assert (other.returncode, other.stdout) == (1, "")
    assert other.stderr == f"gw-pendopo-bupati is none of them: sites.yaml has {NAS}\n"


def test_a_second_gateway_on_the_same_machine_is_refused(museum: Museum) -> None:
    done = museum.command()

    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "in use by another hotspot-gateway; stop that one first" in done.stderr
    assert "0 online" in museum.command("status").stdout, "the first one serves on"
