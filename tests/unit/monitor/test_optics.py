"""Light over days, replayed with noise and heat: drops are seen with patience, slopes and steps told apart."""

from __future__ import annotations

import math
import random

import pytest

from hotspot.splices import Span, Splice, near
from monitor.optics import Learned, loss, outlook
from monitor.optics_trend import detrended, step, theil_sen


def replayed(days: int, per_day: float, *, noise: float = 0.6, heat: float = 0.1, seed: int = 1) -> Learned:
    """Daily medians of a port at -14 dBm in a cabinet whose temperature swings from day to day."""
    chance, learned = random.Random(seed), Learned()
    for day in range(days):
        temperature = 40 + 8 * math.sin(day / 4) + chance.gauss(0, 2)
        samples = sorted(
            -14 + per_day * day - heat * (temperature - 40) + chance.uniform(-noise, noise) for _ in range(24)
        )
        learned = learned.with_day(day, samples[12], temperature)
    return learned


def test_the_baseline_is_the_median_of_the_first_quiet_week_and_does_not_follow_what_fades() -> None:
    learned = replayed(30, -0.05, noise=0, heat=0)

    assert learned.baseline == pytest.approx(-14.15)
    assert Learned(baseline=-9.0).with_day(1, -14.0, 40).baseline == -9.0


@pytest.mark.parametrize("seed", range(20))
def test_a_ramp_of_a_twentieth_of_a_decibel_a_day_is_found_under_noise_and_heat(seed: int) -> None:
    found = outlook(replayed(30, -0.05, seed=seed), sensitivity=-20.0)

    assert found.slope
    assert found.slope.value == pytest.approx(-0.05, abs=0.02)
    assert found.slope.is_falling
    assert found.bent is None
    assert found.days_left is not None
    assert 15 < found.days_left <= 60


@pytest.mark.parametrize("seed", range(20))
def test_noise_and_heat_alone_foretell_nothing(seed: int) -> None:
    found = outlook(replayed(30, 0.0, seed=seed))

    assert (found.days_left, found.bent) == (None, None)


def test_a_bent_fibre_is_a_step_on_its_day_and_no_slope() -> None:
    learned = Learned()
    for day in range(24):
        learned = learned.with_day(day, -14.0 - (1.8 if day >= 15 else 0) + 0.1 * (-1) ** day, 40 + day % 3)
    found = outlook(learned)

    assert found.bent
    assert found.bent.day == 15
    assert found.bent.change == pytest.approx(-1.8, abs=0.25)
    assert found.days_left is None


def test_a_drop_alarms_after_three_samples_and_clears_half_a_decibel_later() -> None:
    learned = Learned(baseline=-10.0)
    levels = []
    for rx in (-12.2, -10.1, -12.2, -12.3, -12.1, -11.6, -11.6, -11.6, -11.4, -11.4, -11.4, -10.4, -10.4, -10.4):
        learned = learned.sample(rx)
        levels.append(learned.level)

    assert levels == ["good"] * 4 + ["warn"] * 6 + ["info"] * 3 + ["good"]


def test_without_a_baseline_no_drop_is_told() -> None:
    assert Learned().sample(-30).sample(-30).sample(-30).level == "good"


def test_an_ageing_laser_leaves_the_loss_as_it_was_and_a_bad_fibre_does_not() -> None:
    assert loss(-2.0, -9.0) == loss(-4.0, -11.0) == 7.0
    assert loss(-2.0, -11.0) == 9.0


def test_a_day_too_few_has_no_slope_and_one_odd_day_bends_none() -> None:
    assert theil_sen([(day, 1.0) for day in range(6)]) is None
    odd = theil_sen([(day, 0.1 * day if day != 5 else 40.0) for day in range(12)])

    assert odd
    assert odd.value == pytest.approx(0.1, abs=0.01)


def test_the_heat_of_the_cabinet_is_taken_out() -> None:
    heat = [30.0, 40.0, 50.0, 35.0]
    points = [(day, -10 - 0.1 * (t - 40)) for day, t in enumerate(heat)]

    assert [value for _, value in detrended(points, heat)] == pytest.approx([-9.75] * 4)
    assert detrended(points, [40.0] * 4) == points
    assert step(points, 1.0) is None


def test_a_measured_distance_lies_between_two_joints_of_the_as_built_list() -> None:
    span = Span(("sw-bayan", "sw-bruno"), 22.4, (Splice("ODP-12", 9.8), Splice("ODP-13", 12.1)))

    found = near(span, 11.0)
    assert (found.between, found.from_km, found.to_km) == (("ODP-12", "ODP-13"), 9.8, 12.1)
    assert near(span, 0.1).between == ("sw-bayan", "ODP-12")
    assert near(span, 22.3).between == ("ODP-13", "sw-bruno")
