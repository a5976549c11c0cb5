"""An Enforcer that notes what it was told and counts what a test says, in place of a kernel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from gateway.admission import Admission, Octets


@dataclass
class Note:
    """``online`` is what such a kernel would let through; ``said`` every call in its order."""

    online: dict[int, Admission] = field(default_factory=dict)
    octets: dict[int, Octets] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    def install(self) -> None:
        self.said.append("install")

    def admit(self, admissions: Iterable[Admission]) -> None:
        for admission in admissions:
            self.said.append(f"admit {admission.mark}")
            self.online[admission.mark] = admission
            self.octets.setdefault(admission.mark, Octets())

    def cut(self, marks: Iterable[int]) -> dict[int, Octets]:
        cut = [mark for mark in marks if mark in self.online]
        self.said += [f"cut {mark}" for mark in cut]
        for mark in cut:
            del self.online[mark]
        return {mark: self.octets.pop(mark) for mark in cut}

    def counters(self) -> dict[int, Octets]:
        self.said.append("counters")
        return dict(self.octets)

    def remove(self) -> None:
        self.said.append("remove")
        self.online.clear()
        self.octets.clear()

    def reboot(self) -> None:
        self.remove()
        self.said.clear()
