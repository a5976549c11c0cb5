"""How every command starts and ends: shared options, one sentence for an operator's error, telling exit codes."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hotspot.clock import Clock, LabClock, SystemClock
from hotspot.secret import SecretSource

FINE, OPERATOR, USAGE, BUG = 0, 1, 2, 3


class OperatorError(Exception):
    """What a person has to put right; its text is one sentence (or one a line) that says what, where and what to do."""


@dataclass(frozen=True)
class Settings:
    """Where a command finds its configuration, store and state."""

    sites: Path
    state: Path
    database: str
    clock_file: Path | None
    check: bool
    log_level: str
    environ: Mapping[str, str]

    @property
    def secrets(self) -> SecretSource:
        return SecretSource(self.state / "secrets", self.environ)

    @property
    def run_folder(self) -> Path:
        return self.state / "run"

    def listen(self, variable: str, default: str) -> tuple[str, int]:
        """``host:port`` of a listener; an empty host means all interfaces."""
        text = self.environ.get(variable, default)
        host, colon, port = text.rpartition(":")
        if not colon or not port.isdigit() or int(port) > 65535:
            raise OperatorError(f"{variable}={text}: write it as host:port, for example 127.0.0.1:8080")
        return host.strip("[]"), int(port)

    def clock(self, *, sample: bool) -> Clock:
        if self.clock_file is None:
            return SystemClock()
        if not sample:
            raise OperatorError(
                f"HOTSPOT_CLOCK is set to {self.clock_file}, and {self.sites} does not say sample: true; "
                "a real installation runs on the real clock, so unset HOTSPOT_CLOCK"
            )
        try:
            return LabClock(self.clock_file)
        except OSError as error:
            raise OperatorError(f"HOTSPOT_CLOCK={self.clock_file}: {error.strerror}; start the lab first") from error
        except (ValueError, OverflowError):
            raise OperatorError(
                f"HOTSPOT_CLOCK={self.clock_file} holds no time of the lab's clock; remove it and start the lab first"
            ) from None


def shared_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--sites", help="the sites file (default: HOTSPOT_SITES or ./sites.yaml)")
    parser.add_argument("--database", help="database URL (default: HOTSPOT_DATABASE or SQLite in the state folder)")
    parser.add_argument("--check", action="store_true", help="check configuration, secrets and database, then exit")
    parser.add_argument(
        "--log-level", default="info", choices=["debug", "info", "warning", "error"], help="how much to log"
    )


def read_settings(arguments: argparse.Namespace, environ: Mapping[str, str] | None = None) -> Settings:
    environ = os.environ if environ is None else environ
    state = Path(environ.get("HOTSPOT_STATE", "var")).absolute()
    clock_file = environ.get("HOTSPOT_CLOCK")
    return Settings(
        sites=Path(arguments.sites or environ.get("HOTSPOT_SITES", "sites.yaml")),
        state=state,
        database=arguments.database or environ.get("HOTSPOT_DATABASE", f"sqlite:///{state}/hotspot.db"),
        clock_file=Path(clock_file) if clock_file else None,
        check=arguments.check,
        log_level=arguments.log_level,
        environ=environ,
    )


def run(story: Callable[[Sequence[str] | None], int], argv: Sequence[str] | None = None) -> int:
    """Run a command's story; turn its failure into the exit code that design section 5 fixes."""
    try:
        return story(argv)
    except OperatorError as error:
        print(error, file=sys.stderr)
        return OPERATOR
    except KeyboardInterrupt:
        return FINE
    except BrokenPipeError:
        return FINE
    except OSError as error:
        if error.filename is None:
            return _bug()
        print(
            f"{error.filename}: {error.strerror}; see that it is there and that this user may use it", file=sys.stderr
        )
        return OPERATOR
    except Exception:  # noqa: BLE001 - the last line of defence: a bug is reported whole, with its own exit code
        return _bug()


def _bug() -> int:
    print("This is a bug in hotspot; please report it with these lines:", file=sys.stderr)
    traceback.print_exc()
    return BUG
