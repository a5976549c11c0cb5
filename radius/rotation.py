"""A NAS gets a new secret while it works: both are good from ``rotate`` until the previous one is dropped."""

from __future__ import annotations

import os
import secrets as randomness
import stat
import urllib.request
from pathlib import Path

from hotspot.command import OperatorError, Settings
from hotspot.running import addresses_of
from hotspot.secret import SecretMissing, variable
from hotspot.sites import Nas, Sites
from radius.peers import previous_name, secret_name

ASK_SECONDS = 5


def rotate(settings: Settings, sites: Sites, nas_id: str) -> str:
    """Make the new secret and keep the previous one beside it; what to do next."""
    nas = nas_named(sites, nas_id)
    path, previous = _paths(settings, nas)
    if previous.exists():
        raise OperatorError(
            f"the secret of {nas.id} is being changed already; finish that with: rotate {nas.id} --drop"
        )
    _write_like(path, previous, path.read_text())
    _write_like(path, path, randomness.token_urlsafe(24) + "\n")
    return (
        f"{nas.id} has a new secret in {path}; RADIUS takes both from now on.\n"
        f"Give it to the NAS (hotspot nas-config {nas.id} prints what to paste), then: "
        f"hotspot-radius rotate {nas.id} --drop"
    )


def drop(settings: Settings, sites: Sites, nas_id: str, *, unseen: bool) -> str:
    """The previous secret is good no more; refused while the NAS still uses it, as far as RADIUS has seen."""
    nas = nas_named(sites, nas_id)
    _, previous = _paths(settings, nas)
    if not previous.exists():
        raise OperatorError(f"no secret of {nas.id} is being changed; start with: hotspot-radius rotate {nas.id}")
    if not unseen and (doubt := _doubt(settings, nas)):
        raise OperatorError(f"{doubt}; to drop it all the same: hotspot-radius rotate {nas.id} --drop --unseen")
    previous.unlink()
    return f"{nas.id} has only its new secret now"


def nas_named(sites: Sites, nas_id: str) -> Nas:
    if (nas := sites.nas.get(nas_id)) is None:
        raise OperatorError(f"there is no NAS {nas_id!r}; sites.yaml has {', '.join(sites.nas)}")
    return nas


def _paths(settings: Settings, nas: Nas) -> tuple[Path, Path]:
    folder, name = settings.secrets.folder, secret_name(nas)
    path = folder / name
    try:
        lies_there = path.exists() and settings.secrets.read(name).reveal() == path.read_text().rstrip("\n")
    except (OSError, SecretMissing):
        lies_there = False
    if not lies_there:
        raise OperatorError(
            f"the secret of {nas.id} does not come from {path}; change it where it comes from, and keep the previous "
            f"one in {variable(previous_name(nas))} until the NAS has the new one"
        )
    return path, folder / previous_name(nas)


def _write_like(model: Path, path: Path, text: str) -> None:
    """At once and whole, readable by those who may read the model."""
    like = model.stat()
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
        os.fchmod(file.fileno(), stat.S_IMODE(like.st_mode))
        if os.geteuid() == 0:
            os.fchown(file.fileno(), like.st_uid, like.st_gid)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _doubt(settings: Settings, nas: Nas) -> str | None:
    """Why the previous secret may still be needed; the running RADIUS knows what the NAS used last."""
    addresses = addresses_of(settings.run_folder, "radius")
    if addresses is None:
        return f"RADIUS does not run here, so nobody knows whether {nas.id} has its new secret"
    try:
        with urllib.request.urlopen(f"http://{addresses['ops']}/metrics", timeout=ASK_SECONDS) as page:
            lines = page.read().decode().splitlines()
    except OSError as error:
        return f"RADIUS cannot be asked whether {nas.id} has its new secret ({error})"
    if f'hotspot_radius_previous_secret{{nas="{nas.id}"}} 0.0' in lines:
        return None
    return f"{nas.id} has not proved its new secret to RADIUS yet"
