"""How a command ends: the exit code tells whose fault it was, and an operator is never shown a traceback."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Sequence

import pytest

from hotspot.command import BUG, FINE, OPERATOR, OperatorError, run

Story = Callable[[Sequence[str] | None], int]


def _raising(error: BaseException) -> Story:
    def story(_argv: Sequence[str] | None) -> int:
        raise error

    return story


def _os_error(number: int, path: str | None) -> OSError:
    return OSError(number, os.strerror(number), path)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.ENOSPC, errno.ENOTDIR])
def test_a_folder_that_cannot_be_used_is_the_operators_to_mend(number: int, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(_raising(_os_error(number, "/var/lib/hotspot/secrets")))

    said = capsys.readouterr().err
    assert code == OPERATOR
    assert said.startswith(f"/var/lib/hotspot/secrets: {os.strerror(number)}; ")
    assert said.count("\n") == 1


@pytest.mark.parametrize("error", [_os_error(errno.EBADF, None), RuntimeError("oops")])
def test_what_no_operator_can_mend_is_shown_whole_as_a_bug(
    error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(_raising(error)) == BUG
    assert "Traceback" in capsys.readouterr().err


def test_an_operators_error_is_one_sentence_and_ctrl_c_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(_raising(OperatorError("write it as host:port"))) == OPERATOR
    assert run(_raising(KeyboardInterrupt())) == FINE
    assert capsys.readouterr().err == "write it as host:port\n"
