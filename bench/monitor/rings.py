"""What a fault script has to know of rings (pure): which cables close one, what leads into a part, what hangs on it."""

from __future__ import annotations

from collections.abc import Collection

from lab.network import Cable, Network


def closes(network: Network, cable: Cable) -> bool:
    """Whether the ends still meet without it."""
    seen, queue = {cable.upper}, [cable.upper]
    while queue:
        here = queue.pop()
        for one in network.near.get(here, ()):
            other = one.lower if one.upper == here else one.upper
            if one is not cable and other and other not in seen:
                seen.add(other)
                queue.append(other)
    return cable.lower in seen


def around(network: Network, section: Collection[str]) -> list[str]:
    """The fibres that lead into a section or out of it."""
    near = [cable for node in section for cable in network.near.get(node, ()) if cable.fibre]
    return sorted({cable.name for cable in near if len({cable.upper, cable.lower} & set(section)) == 1})


def plugged(network: Network, section: Collection[str]) -> list[str]:
    """Everything that hangs on a section without a fibre between."""
    return sorted(node for node in network.nodes if set(section) & _coppers_above(network, node))


def _coppers_above(network: Network, node: str) -> set[str]:
    uppers = {cable.upper for cable in network.above.get(node, ()) if not cable.fibre}
    return uppers.union(*(_coppers_above(network, upper) for upper in uppers))
