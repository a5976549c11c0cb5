"""Every mistake in sites.yaml is answered by its line, its path and a way out; all mistakes of a file at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotspot.command import OperatorError
from hotspot.secret import SecretSource
from hotspot.sites import Sites, SitesError, load
from hotspot.sites.document import Path as KeyPath

DATA = Path(__file__).parents[2] / "data" / "sites"
BAD = sorted((DATA / "bad").glob("*.yaml"))


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_a_bad_file_says_exactly_what_is_wrong(file: Path) -> None:
    with pytest.raises(SitesError) as refusal:
        load(file)

    assert str(refusal.value) == file.with_suffix(".message").read_text().rstrip("\n")


def test_a_file_without_a_bottom_is_refused(tmp_path: Path) -> None:
    (tmp_path / "deep.yaml").write_text("[" * 5000)

    with pytest.raises(SitesError, match=r"deep.yaml:1: .file.: nested far too deeply"):
        load(tmp_path / "deep.yaml")


def test_a_good_file_is_read_whole() -> None:
    sites = load(DATA / "good" / "smallest.yaml")

    assert sites.site["alun-alun"].capacity == 200
    assert sites.nas["gw-alun"].mac is not None
    assert sites.nas["gw-alun"].mac.colons == "11:22:33:44:55:10"  # YAML 1.1 would read a number here
    assert sites.policies["umum"].speed.slow == 512_000
    assert sites.policies["umum"].day.octets == 2_000_000_000


def test_a_box_of_ours_is_reached_by_name_only_where_visitors_may_lack_ipv4() -> None:
    box = load(DATA / "good" / "gateway.yaml").nas["gw-alun"].gateway

    assert box is not None
    assert (str(box.network), str(box.network6), box.radius) == (
        "10.70.4.1/22",
        "fd70:4::1/64",
        ("10.66.0.2", "10.66.0.3"),
    )
    assert box.login_url == "http://gw-alun.wifi.example.go.id:3990"
    assert box.model_copy(update={"network6": None}).login_url == "http://10.70.4.1:3990"


def test_the_towns_own_file_holds_six_hotspots_and_a_link_to_each_kecamatan(sites: Sites) -> None:
    linked = {link.kecamatan for link in sites.links if link.kecamatan}

    assert len(sites.sites) == 6
    assert linked == set(sites.kecamatan_name)
    assert len(linked) == 16
    assert sites.sample


def needs(sites: Sites) -> list[tuple[KeyPath, tuple[str, ...]]]:
    return [(("nases", i), (f"nas-{nas.id}",)) for i, nas in enumerate(sites.nases)]


def test_a_missing_secret_is_listed_beside_the_files_other_problems(tmp_path: Path) -> None:
    with pytest.raises(SitesError) as refusal:
        load(DATA / "bad" / "wrong_type.yaml", SecretSource(tmp_path, {}), needs)

    assert [problem.path for problem in refusal.value.problems] == ["sites.alun-alun.capacity", "nases.gw-alun"]


def test_a_missing_secret_is_named_with_the_place_where_it_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(SitesError) as refusal:
        load(DATA / "good" / "smallest.yaml", SecretSource(tmp_path, {}), needs)

    assert str(refusal.value) == (
        "smallest.yaml:25: nases.gw-alun: secret nas-gw-alun is missing: set HOTSPOT_NAS_GW_ALUN_SECRET, "
        f"or HOTSPOT_NAS_GW_ALUN_SECRET_FILE, or write it to {tmp_path}/nas-gw-alun with mode 0600"
    )


def test_a_file_that_is_not_there_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=r"No such file or directory; give the sites file with --sites"):
        load(tmp_path / "none.yaml")


def test_a_file_that_is_not_text_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "sites.yaml").write_bytes(b"\xff\xfe")

    with pytest.raises(OperatorError, match=r"not UTF-8 text \(byte 0\); save it as UTF-8"):
        load(tmp_path / "sites.yaml")


def test_the_schema_for_editors_knows_every_top_level_key() -> None:
    schema = Sites.model_json_schema()

    assert set(schema["properties"]) == set(Sites.model_fields)
    assert schema["additionalProperties"] is False


def test_what_was_read_cannot_be_changed(sites: Sites) -> None:
    with pytest.raises(ValueError, match="frozen"):
        sites.sites[0].capacity = 1


def test_a_secret_that_many_ask_for_is_missing_once(tmp_path: Path, sites: Sites) -> None:
    def shared(part: Sites) -> list[tuple[KeyPath, tuple[str, ...]]]:
        return [(("devices", i, "snmp"), ("snmp-community",)) for i, _ in enumerate(part.devices)]

    with pytest.raises(SitesError) as refusal:
        load(DATA.parents[2] / "sites.yaml", SecretSource(tmp_path, {}), shared)

    assert len(refusal.value.problems) == 1
    assert str(refusal.value).endswith(f"({len(sites.devices) - 1} more ask for it)")
