"""Whether the house is at rest: what is restored must not be written to, nor a running service lose its store."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from hotspot.command import OperatorError
from hotspot.running import pid_of
from hotspot.up import SERVICES


def refuse_while_running(run_folder: Path) -> None:
    alive = [name for name, module in SERVICES.items() if _lives(pid_of(run_folder, name), name, module)]
    if alive:
        units = " ".join(f"hotspot-{name}" for name in alive)
        raise OperatorError(f"still running: {', '.join(alive)}; stop them first: systemctl stop {units}")


def refuse_while_used(engine: Engine) -> None:
    """Also by a service on another machine, which only PostgreSQL can tell."""
    if engine.dialect.name != "postgresql":
        return
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND backend_type = 'client backend'"
    )
    with engine.connect() as connection:
        others = connection.exec_driver_sql(query).scalar_one()
    if others:
        raise OperatorError(
            f"{others} others are connected to the database {engine.url.database}; stop the services on all machines"
        )


def _lives(pid: int | None, name: str, module: str) -> bool:
    """After a crash its number may be another process's, so its command line is looked at too."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return False
    return any(word == module or word.endswith(f"hotspot-{name}") for word in words)
