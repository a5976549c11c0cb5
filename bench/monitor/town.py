"""Towns to break: sites.yaml with links lit, rings closed, switches in chains, and a second root, by a seed (pure)."""

from __future__ import annotations

import random
from copy import deepcopy
from typing import Any

from hotspot.sites import Sites

Content = dict[str, Any]


def mutated(content: Content, seed: int) -> Sites:
    """The same town for the same seed; ``content`` is the plain file and stays as it is."""
    chance, town = random.Random(f"town/{seed}"), deepcopy(content)  # noqa: S311 - repeatable, no secret
    for place in ("devices", "nases"):
        for row in town[place]:
            row["ping"] = "true" if chance.random() < 0.7 else "false"
    _light(town, chance)
    _close_rings(town, chance, count=chance.randint(0, 3))
    _add_points(town, chance)
    if chance.random() < 0.2:
        _device(town, "core-kutoarjo")["root"] = "true"
    return Sites.model_validate(town)


def _light(town: Content, chance: random.Random) -> None:
    """Some links that are not built yet, or no longer drawn from the core but from a neighbour's switch."""
    for number, link in enumerate(town["links"]):
        if link["status"] != "active" and chance.random() < 0.5:
            name = f"sw-{link['id']}"
            _add_switch(town, name, number, link.get("kecamatan"))
            link |= {"b": {"device": name, "port": "sfp1"}, "status": "active", "length_km": "9.5"}
    ends = [link for link in town["links"] if link["status"] == "active" and str(link["b"]["device"]).startswith("sw-")]
    for link in chance.sample(ends, k=chance.randint(0, 3)):
        other = chance.choice([one for one in ends if one is not link and one["a"]["device"].startswith("core")])
        link["a"] = {"device": other["b"]["device"], "port": f"sfp{10 + town['links'].index(link)}"}
        if _goes_round(town, link):
            link["a"] = {"device": "core-purworejo", "port": f"sfp{40 + town['links'].index(link)}"}


def _goes_round(town: Content, link: Content) -> bool:
    above = {str(one["b"]["device"]): str(one["a"]["device"]) for one in town["links"] if one["status"] == "active"}
    here, passed = str(link["a"]["device"]), {str(link["b"]["device"])}
    while here in above and here not in passed:
        passed.add(here)
        here = above[here]
    return here in passed


def _close_rings(town: Content, chance: random.Random, count: int) -> None:
    ends = [str(link["b"]["device"]) for link in town["links"] if link["status"] == "active"]
    for number in range(count):
        a, b = chance.sample(sorted({end for end in ends if end.startswith("sw-")}), k=2)
        ends = [end for end in ends if end not in (a, b)]
        port = f"sfp{60 + number}"
        a_end, b_end = {"device": a, "port": port}, {"device": b, "port": port}
        town["links"].append(
            {"id": f"ring-{number}", "a": a_end, "b": b_end, "medium": "fibre", "length_km": "6.5", "status": "active"}
        )


def _add_points(town: Content, chance: random.Random) -> None:
    for number in range(chance.randint(0, 6)):
        nas = chance.choice(town["nases"])
        row = {"id": f"ap-more-{number}", "kind": "mikrotik", "role": "ap", "site": nas["site"]}
        more = {"address": f"127.67.1.{number + 1}", "uplink": nas["id"], "ssids": ["Purworejo-Gratis"]}
        town["devices"].append(row | more | {"snmp": {"version": "2c", "port": "10161"}})


def _add_switch(town: Content, name: str, number: int, code: str | None) -> None:
    row = {"id": name, "kind": "mikrotik", "role": "switch", "address": f"127.67.0.{number + 1}", "kecamatan": code}
    town["devices"].append(row | {"ping": "true", "snmp": {"version": "2c", "port": "10161"}})


def _device(town: Content, name: str) -> Content:
    found: Content = next(row for row in town["devices"] if row["id"] == name)
    return found
