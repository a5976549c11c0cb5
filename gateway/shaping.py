"""One HTB class a client on each interface, as text for ``tc -batch``: the LAN's shapes download, the WAN's upload.

A packet carries its class as priority, so no filter is searched. The classes count, too: what left an interface.
"""

from __future__ import annotations

from collections.abc import Iterable

from gateway.admission import Admission
from gateway.place import Place

MAJOR = 0x4853
UNLIMITED = 10_000_000_000  # bit/s of a client without a limit: its class is still needed, because it counts
_QUEUE_SECONDS, _LEAST_QUEUE = 0.25, 100_000  # the least holds one coalesced packet of 64 kB and half of the next
_BURST_SECONDS, _LEAST_BURST = 0.005, 16_384


def class_id(mark: int) -> str:
    return f"{MAJOR:x}:{mark:x}"


def root(device: str) -> str:
    """What is in no class, such as a page of the portal before login, passes unshaped."""
    return f"qdisc add dev {device} root handle {MAJOR:x}: htb default 0\n"


def no_root(device: str) -> str:
    return f"qdisc del dev {device} root handle {MAJOR:x}:\n"


def has_root(qdiscs: str) -> bool:
    """Whether ``tc qdisc show dev …`` shows ours."""
    return f"qdisc htb {MAJOR:x}: root" in qdiscs


def classes(place: Place, admissions: Iterable[Admission]) -> str:
    """Make or change the classes of these clients; counters of one that stands go on."""
    return "".join(
        _class(place.lan, admission.mark, admission.down) + _class(place.wan, admission.mark, admission.up)
        for admission in admissions
    )


def no_queues(place: Place, marks: Iterable[int]) -> str:
    """What still waits is thrown away: it was never sent, so it must not be counted."""
    return "".join(f"qdisc del dev {device} parent {class_id(mark)}\n" for mark in marks for device in _both(place))


def no_classes(place: Place, marks: Iterable[int]) -> str:
    return "".join(f"class del dev {device} classid {class_id(mark)}\n" for mark in marks for device in _both(place))


def _both(place: Place) -> tuple[str, str]:
    return place.lan, place.wan


def _class(device: str, mark: int, speed: int) -> str:
    rate = speed if speed > 0 else UNLIMITED
    burst = max(_LEAST_BURST, int(rate / 8 * _BURST_SECONDS))
    queue = max(_LEAST_QUEUE, int(rate / 8 * _QUEUE_SECONDS))
    parent = class_id(mark)
    return (
        f"class replace dev {device} parent {MAJOR:x}: classid {parent} "
        f"htb rate {rate}bit ceil {rate}bit burst {burst} cburst {burst} quantum 1514\n"
        f"qdisc replace dev {device} parent {parent} handle {mark:x}: bfifo limit {queue}\n"
    )
