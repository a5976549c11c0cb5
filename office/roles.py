"""Who may do what: the roles of the office's people, and every page with the roles that it is for (data)."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a member of staff is; the words stand in the store."""

    ADMIN = "network-admin"
    COMPLAINTS = "complaints-operator"
    OPD = "opd-responder"
    READER = "report-reader"
    PDP = "data-protection-officer"
    HEAD = "head-of-office"


ADMIN, COMPLAINTS, OPD, READER, PDP, HEAD = Role
EVERYONE = frozenset(Role)
OFFICE = EVERYONE - {OPD}  # an OPD's responder sees what was passed to that OPD, and nothing else
FIGURES = frozenset({ADMIN, READER, PDP, HEAD})
DESK = frozenset({ADMIN, COMPLAINTS})  # two people may be the whole office
STRONG = frozenset({ADMIN, PDP})  # may see what names a person, so a password alone is too little
FEWEST_ADMINS = 2  # one person's holiday or lost phone must not close the office

# Everything that needs no login. The reply's address carries its own proof.
PUBLIC = frozenset(
    {
        "login.form",
        "login.enter",
        "login.code_form",
        "login.code",
        "login.single",
        "login.single_back",
        "replies.show",
        "replies.save",
        "answers.page",
        "answers.feed",
        "live.script",
    }
)
OPEN_BLUEPRINTS = frozenset({"open_data"})

# Page (as Flask names it) -> roles. A page that is not here is closed to all.
ALLOWED: dict[str, frozenset[Role]] = {
    "login.leave": EVERYONE,
    "me.show": EVERYONE,
    "me.enrol": EVERYONE,
    "me.confirm": EVERYONE,
    "me.new_password": EVERYONE,
    "me.new_mail": EVERYONE,
    "me.link": EVERYONE,
    "me.end_others": EVERYONE,
    "live.events": OFFICE,
    "summary.show": OFFICE,
    "summary.wall": OFFICE,
    "sites.show": OFFICE,
    "sites.note": DESK,
    "fibre.show": OFFICE,
    "incidents.show": OFFICE,
    "incidents.one": OFFICE,
    "incidents.note": DESK,
    "incidents.acknowledge": frozenset({ADMIN}),
    "incidents.assign": frozenset({ADMIN}),
    "maintenance.show": OFFICE,
    "maintenance.add": frozenset({ADMIN}),
    "maintenance.cancel": frozenset({ADMIN}),
    "sessions.show": frozenset({ADMIN}),
    "sessions.find": frozenset({ADMIN}),
    "sessions.one": frozenset({ADMIN}),
    "sessions.end": frozenset({ADMIN}),
    "sessions.block": frozenset({ADMIN}),
    "sessions.unblock": frozenset({ADMIN}),
    "complaints.show": frozenset({ADMIN, COMPLAINTS, OPD, HEAD}),
    "complaints.one": frozenset({ADMIN, COMPLAINTS, OPD, HEAD}),
    "complaints.answer": DESK | {OPD},
    "complaints.form": DESK,
    "complaints.enter": DESK,
    "complaints.forward": DESK,
    "complaints.publish": DESK,
    "vouchers.show": DESK,
    "vouchers.make": DESK,
    "vouchers.take_in": frozenset({ADMIN}),
    "vouchers.one": DESK,
    "vouchers.sheet": DESK,
    "vouchers.revoke": DESK,
    "nases.show": frozenset({ADMIN, HEAD}),
    "nases.configuration": frozenset({ADMIN}),
    "policies.show": OFFICE,
    "calendar.show": OFFICE,
    "calendar.add": frozenset({ADMIN, HEAD}),
    "calendar.remove": frozenset({ADMIN, HEAD}),
    "reports.show": FIGURES,
    "reports.file": FIGURES,
    "reports.confirm": frozenset({ADMIN, HEAD}),
    "reports.close": frozenset({ADMIN, HEAD}),  # a figure that is published for good is the office's word
    "users.show": frozenset({ADMIN}),
    "users.add": frozenset({ADMIN}),
    "users.change": frozenset({ADMIN}),
    "audit.show": frozenset({ADMIN, PDP, HEAD}),
}
READING_BLUEPRINTS = {"reports": FIGURES}  # a further page of these is for the same roles, as long as it only reads


def may(role: Role, endpoint: str, *, reads: bool) -> bool:
    """Whether a role may use a page (pure)."""
    if endpoint in ALLOWED:
        return role in ALLOWED[endpoint]
    return reads and role in READING_BLUEPRINTS.get(endpoint.partition(".")[0], frozenset())


def is_public(endpoint: str) -> bool:
    return endpoint in PUBLIC or endpoint.partition(".")[0] in OPEN_BLUEPRINTS


def home(role: Role) -> str:
    """The page on which a role begins."""
    return {Role.OPD: "complaints.show"}.get(role, "summary.show")
