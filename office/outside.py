"""What the office reaches beyond its store: secrets of NASes, the regency's own login, mail and webhooks to OPDs."""

from __future__ import annotations

from dataclasses import dataclass

from hotspot.command import OperatorError, Settings
from hotspot.secret import Secret, SecretMissing, SecretSource, SecretUnusable

VOUCHER_KEY = "voucher-key"  # the portal has the same one, to know the codes that we print


@dataclass(frozen=True)
class Provider:
    """An OpenID Connect provider, known by its issuer."""

    issuer: str
    client: str
    secret: Secret


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over; ``user`` and its password only where the server asks for them."""

    host: str
    port: int
    sender: str
    user: str | None = None
    password: Secret | None = None
    starttls: bool = True


@dataclass(frozen=True)
class Webhook:
    """Where complaints are passed on as JSON, signed with HMAC-SHA256."""

    url: str
    key: Secret


@dataclass(frozen=True)
class Outside:
    """Everything here is optional: what is not set up is not offered. ``url`` is the office's public address,

    for the links in letters; unset, it is the one by which the request came.
    """

    url: str = ""
    voucher_key: Secret | None = None
    secrets: SecretSource | None = None
    provider: Provider | None = None
    mail: MailServer | None = None
    webhook: Webhook | None = None


def read_outside(settings: Settings) -> Outside:
    """From the environment and the secrets; OperatorError names what is half set up."""
    said = settings.environ.get
    try:
        return Outside(
            url=said("HOTSPOT_OFFICE_URL", "").rstrip("/"),
            voucher_key=settings.secrets.read(VOUCHER_KEY),
            secrets=settings.secrets,
            provider=_provider(settings),
            mail=_mail(settings),
            webhook=_webhook(settings),
        )
    except (SecretMissing, SecretUnusable) as error:
        raise OperatorError(str(error)) from None


def _provider(settings: Settings) -> Provider | None:
    issuer = settings.environ.get("HOTSPOT_OFFICE_OIDC_ISSUER")
    if not issuer:
        return None
    client = settings.environ.get("HOTSPOT_OFFICE_OIDC_CLIENT")
    if not client:
        raise OperatorError(
            "HOTSPOT_OFFICE_OIDC_ISSUER is set without HOTSPOT_OFFICE_OIDC_CLIENT, the client's id there"
        )
    return Provider(issuer.rstrip("/"), client, settings.secrets.read("office-oidc-secret"))


def _mail(settings: Settings) -> MailServer | None:
    said = settings.environ.get
    if not (server := said("HOTSPOT_OFFICE_SMTP")):
        return None
    host, _, port = server.rpartition(":")
    sender, user = said("HOTSPOT_OFFICE_MAIL_FROM"), said("HOTSPOT_OFFICE_SMTP_USER")
    if not host or not port.isdigit():
        raise OperatorError(f"HOTSPOT_OFFICE_SMTP={server}: write it as host:port, for example mail.example.go.id:587")
    if not sender:
        raise OperatorError("HOTSPOT_OFFICE_SMTP is set without HOTSPOT_OFFICE_MAIL_FROM, the sender's address")
    password = settings.secrets.read("office-smtp-password") if user else None
    plain = said("HOTSPOT_OFFICE_SMTP_PLAIN") == "yes"
    return MailServer(host, int(port), sender, user, password, starttls=not plain)


def _webhook(settings: Settings) -> Webhook | None:
    url = settings.environ.get("HOTSPOT_OFFICE_WEBHOOK")
    return Webhook(url, settings.secrets.read("office-webhook-key")) if url else None
