"""A secret never shows itself, and lies in one of three places or is asked for in one sentence."""

from __future__ import annotations

import json
import logging
import pickle
import traceback
from pathlib import Path

import pytest

from hotspot.log import Lines
from hotspot.secret import Secret, SecretMissing, SecretSource, SecretUnusable, variable

WORD = "kunci-yang-tidak-boleh-terlihat"


def test_no_way_of_printing_a_secret_shows_it() -> None:
    secret = Secret(WORD)
    shown = [
        str(secret),
        repr(secret),
        f"{secret}",
        f"{secret!r:>40}",
        f"{[secret]}",
        f"{secret}",
        str({"a": secret}),
    ]

    assert not [text for text in shown if WORD in text]


def test_a_secret_in_a_log_line_or_a_traceback_stays_hidden() -> None:
    secret = Secret(WORD)
    record = logging.LogRecord("x", logging.INFO, "f", 1, "secret is %s", (secret,), None)
    record.fields = {"key": secret}
    trace = "".join(traceback.format_exception(ValueError(secret)))

    assert WORD not in Lines("test", as_json=True).format(record)
    assert WORD not in trace


def test_a_secret_is_neither_pickled_nor_put_into_json() -> None:
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(Secret(WORD))
    with pytest.raises(TypeError):
        json.dumps({"a": Secret(WORD)})


def test_two_secrets_are_equal_by_their_text_alone() -> None:
    assert Secret(WORD) == Secret(WORD)
    assert Secret(WORD) != Secret("another")
    assert Secret(WORD) != WORD


def test_the_environment_comes_before_its_file_and_the_state_folder(tmp_path: Path) -> None:
    (tmp_path / "named").write_text("from the named file\n")
    (tmp_path / "nas-gw-a").write_text("from the folder\n")
    for path in tmp_path.iterdir():
        path.chmod(0o600)
    name, key = "nas-gw-a", "HOTSPOT_NAS_GW_A_SECRET"

    assert variable(name) == key
    assert SecretSource(tmp_path, {key: "x", f"{key}_FILE": str(tmp_path / "named")}).read(name).reveal() == "x"
    assert SecretSource(tmp_path, {f"{key}_FILE": str(tmp_path / "named")}).read(name).reveal() == "from the named file"
    assert SecretSource(tmp_path, {}).read(name).reveal() == "from the folder"


def test_a_missing_secret_says_where_to_put_it(tmp_path: Path) -> None:
    with pytest.raises(SecretMissing, match=r"secret grant-key is missing: set HOTSPOT_GRANT_KEY, or .* mode 0600"):
        SecretSource(tmp_path, {}).read("grant-key")


def test_a_secret_that_everyone_can_read_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "grant-key").write_text(WORD)
    (tmp_path / "grant-key").chmod(0o644)

    with pytest.raises(SecretUnusable, match=r"everyone on this machine can read .* run chmod 600"):
        SecretSource(tmp_path, {}).read("grant-key")


def test_an_empty_secret_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "grant-key").touch(0o600)

    with pytest.raises(SecretUnusable, match="is empty"):
        SecretSource(tmp_path, {}).read("grant-key")


def test_making_a_secret_is_done_once_and_for_its_owner_only(tmp_path: Path) -> None:
    source = SecretSource(tmp_path / "secrets", {})

    assert source.make("grant-key") is True
    first = source.read("grant-key")
    assert source.make("grant-key") is False
    assert source.read("grant-key") == first
    assert len(first.reveal()) >= 32
    assert (tmp_path / "secrets" / "grant-key").stat().st_mode & 0o777 == 0o600
