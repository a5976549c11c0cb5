"""Metrics carry only the labels that were agreed, and never a person."""

from __future__ import annotations

import pytest

from hotspot.metrics import Metrics, gauge


def test_a_label_that_could_name_a_person_is_refused() -> None:
    with pytest.raises(ValueError, match=r"labels \['mac'\] are not among those that metrics may carry"):
        Metrics().counter("hotspot_logins_total", "Logins.", ["site", "mac"])
    with pytest.raises(ValueError, match=r"\['ip'\]"):
        gauge("hotspot_x", "X.", ["ip"], [])


def test_the_page_shows_what_was_counted_and_what_is_true_now() -> None:
    metrics = Metrics()
    metrics.counter("hotspot_logins_total", "Logins.", ["site"]).labels("alun-alun").inc()
    value = [1.0]
    metrics.collect(lambda: [gauge("hotspot_sessions_open", "Open.", ["site"], [(["alun-alun"], value[0])])])
    before = metrics.page().decode()
    value[0] = 2.0

    assert 'hotspot_logins_total{site="alun-alun"} 1.0' in before
    assert 'hotspot_sessions_open{site="alun-alun"} 1.0' in before
    assert 'hotspot_sessions_open{site="alun-alun"} 2.0' in metrics.page().decode()
