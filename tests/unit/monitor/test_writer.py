"""Our own writer of Prometheus' format, read back by prometheus-client's parser."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from monitor.expose.writer import Writer, gauge, histogram

TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\r\x85\u2028\u2029\v\f\x1c\x1d\x1e"), max_size=12
)
VALUES = st.floats(allow_nan=False)


@given(st.dictionaries(st.tuples(TEXT, TEXT), VALUES, max_size=8))
def test_any_label_and_value_comes_back_as_it_was(rows: dict[tuple[str, str], float]) -> None:
    page = Writer().page([gauge("hotspot_x", 'a "text"\nof \\ lines', ("site", "port"), rows.items())]).decode()

    found = {
        (one.labels["site"], one.labels["port"]): one.value
        for family in text_string_to_metric_families(page)
        for one in family.samples
    }
    assert found == rows


def test_a_histogram_is_read_as_one() -> None:
    rows = [(("ap",), [("0.1", 1.0), ("+Inf", 3.0)], 2.5)]
    page = Writer().page(histogram("hotspot_y", "Round trips.", ("device",), rows)).decode()

    (family,) = text_string_to_metric_families(page)
    assert (family.type, family.documentation) == ("histogram", "Round trips.")
    assert {(one.name, one.labels.get("le")): one.value for one in family.samples} == {
        ("hotspot_y_bucket", "0.1"): 1,
        ("hotspot_y_bucket", "+Inf"): 3,
        ("hotspot_y_sum", None): 2.5,
        ("hotspot_y_count", None): 3,
    }


def test_infinity_and_no_number_are_written_as_the_format_has_them() -> None:
    rows = [(("a",), math.inf), (("b",), -math.inf), (("c",), math.nan)]
    page = Writer().page([gauge("hotspot_z", "z", ("site",), rows)]).decode()

    (family,) = text_string_to_metric_families(page)
    assert str([one.value for one in family.samples]) == "[inf, -inf, nan]"


def test_a_family_that_grows_too_large_is_cut_and_counted_and_recovers() -> None:
    writer = Writer(most=2)
    rows = [((str(number),), 1.0) for number in range(5)]

    assert writer.page([gauge("hotspot_x", "x", ("ssid",), rows)]).count(b"hotspot_x{") == 2
    assert writer.dropped == {"hotspot_x": 3}
    writer.page([gauge("hotspot_x", "x", ("ssid",), rows[:2])])
    assert writer.dropped == {}
