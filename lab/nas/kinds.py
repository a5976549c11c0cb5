"""Which kinds of NAS the rehearsal can play; to add one, copy the file that is nearest and add its line."""

from __future__ import annotations

from lab.nas.box import Box
from lab.nas.coovachilli import CoovaChilli
from lab.nas.mikrotik import Mikrotik

BOXES: dict[str, type[Box]] = {"mikrotik": Mikrotik, "coovachilli": CoovaChilli}
