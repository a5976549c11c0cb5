"""What vendors' traps mean: by their OID in every version, and by few names."""

from __future__ import annotations

import pytest

from monitor import notices
from monitor.notices import Notice, if_index, known, vendor


@pytest.mark.parametrize("oid", ["1.3.6.1.2.1.33.2.1", "1.3.6.1.2.1.33.2.0.1"])
def test_a_notice_is_known_in_the_form_of_each_version(oid: str) -> None:
    notice = known(oid)

    assert notice is not None
    assert (notice.name, notice.says) == ("upsTrapOnBattery", "battery")


def test_what_is_in_no_table_is_nothing_but_its_vendor() -> None:
    assert known("1.3.6.1.4.1.37950.1.1.5.99") is None
    assert vendor("1.3.6.1.4.1.37950.1.1.5.99") == "vsol"
    assert vendor("1.3.6.1.4.1.90210.1") == notices.OTHER, "90210 is not 9"
    assert known("") is None


def test_there_are_few_names_of_vendors_because_they_are_a_label() -> None:
    assert len(set(notices.VENDORS.values())) <= 20


def test_the_port_is_the_first_index_of_the_column_that_the_notice_names() -> None:
    light = Notice("little light", "light", "1.3.6.1.4.1.3902.9.2.")

    assert if_index(light, ["1.3.6.1.2.1.1.3.0", "1.3.6.1.4.1.3902.9.2.268501248.3"]) == 268501248
    assert if_index(light, ["1.3.6.1.2.1.2.2.1.1.6"]) == 6
    assert if_index(None, ["1.3.6.1.4.1.3902.9.2.268501248.3"]) is None
