"""The office's command as a person types it: it tells the truth about the database and refuses what makes no sense."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotspot.__main__ import main
from hotspot.command import FINE, OPERATOR, USAGE
from hotspot.store import newest_version


def test_a_check_of_an_empty_database_does_not_call_it_up_to_date(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = ["--database", f"sqlite:///{tmp_path}/new.db"]

    assert main(["db", "upgrade", "--check", *database]) == OPERATOR
    assert "the database is empty" in capsys.readouterr().err
    assert main(["db", "upgrade", *database]) == FINE
    assert main(["db", "upgrade", "--check", *database]) == FINE
    assert capsys.readouterr().out.count(f"The database has schema {newest_version()}.") == 2


@pytest.mark.parametrize("rate", ["-1", "nan", "inf", "fast"])
def test_a_rate_that_no_clock_can_run_at_is_refused(rate: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["up", "--rehearsal", f"--rate={rate}"])

    assert end.value.code == USAGE
    assert f"'{rate}' is not a number of at least 0" in capsys.readouterr().err
