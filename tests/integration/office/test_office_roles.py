"""Route x role: every page of the console asked by every role, and what the table says is what happens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from hotspot.secret import Secret
from hotspot.sites import Sites
from hotspot.store import Store
from office import accounts, staff_sessions
from office.app import create_app
from office.guard import owes_a_factor
from office.outside import Outside
from office.roles import ALLOWED, PUBLIC, READING_BLUEPRINTS, Role, is_public, may
from tests.conftest import FixedClock
from tests.integration.office import town

NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC).timestamp()
CSRF = "the-forms-own-token"
WORDS = {"number": "1", "site_id": "alun-alun-besar", "nas_id": "gw-alun-alun-besar", "name": "nobody"}
ENDLESS = {"live.events"}  # an answer that goes on; its guard is the same
FREE = frozenset(PUBLIC)


@pytest.fixture(scope="module")
def password_hash() -> str:
    return town.QUICK.hash("kuda hijau baterai")


@pytest.fixture
def app(store: Store, sites: Sites, password_hash: str) -> Flask:
    town.fill(store, sites, NOW)
    with store.writing() as connection:
        for role in Role:
            opd = "rsud" if role is Role.OPD else None
            accounts.create(connection, f"the-{role.value}", password_hash, NOW, role=role, opd=opd)
    clock = FixedClock(NOW)
    outside = Outside(voucher_key=Secret("v" * 32))
    return create_app(sites, store, Secret("k" * 32), clock=clock, wall=clock, passwords=town.QUICK, outside=outside)


def as_role(app: Flask, store: Store, role: Role) -> FlaskClient:
    client = app.test_client()
    with store.writing() as connection:
        token = staff_sessions.begin(connection, f"the-{role.value}", NOW)
    with client.session_transaction() as cookie:
        cookie.update(token=token, csrf=CSRF)
    return client


def questions(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every page with every method that it knows."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            if rule.endpoint not in ENDLESS:
                yield rule, method


def ask(client: FlaskClient, rule: Rule, method: str) -> int:
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda word: WORDS.get(word[1], "2026-11"), rule.rule)
    return client.open(path, method=method, data={"csrf": CSRF} if method == "POST" else None).status_code


@pytest.mark.parametrize("role", list(Role))
def test_each_role_gets_its_pages_and_no_other(app: Flask, store: Store, role: Role) -> None:
    wrong = []
    for rule, method in questions(app):
        if rule.endpoint in ("login.leave", "me.end_others", "users.change"):
            continue  # these end the login that asks; may() below speaks for them
        code = ask(as_role(app, store, role), rule, method)
        allowed = is_public(rule.endpoint) or may(role, rule.endpoint, reads=method == "GET")
        if (code != 403) != allowed or code >= 500:
            wrong.append((method, rule.rule, code))

    assert wrong == []


def test_a_stranger_gets_what_is_public_and_nothing_else(app: Flask) -> None:
    for rule, method in questions(app):
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["csrf"] = CSRF
        code = ask(client, rule, method)
        if not is_public(rule.endpoint):
            assert code == (302 if method == "GET" else 401), rule.rule
        else:
            assert code < 500, rule.rule


def test_the_table_names_every_page_and_no_page_that_is_gone(app: Flask) -> None:
    pages = {rule.endpoint for rule in app.url_map.iter_rules()}
    known = set(ALLOWED) | set(FREE)

    assert {name for name in known if name not in pages} == set()
    unnamed = {name for name in pages if name not in known and not is_public(name)}
    assert {name.partition(".")[0] for name in unnamed} <= set(READING_BLUEPRINTS)


def test_a_page_that_nobody_named_is_closed_to_all() -> None:
    assert not any(may(role, "new.page", reads=True) for role in Role)
    assert not any(may(role, "reports.unnamed", reads=False) for role in Role)


def test_persons_data_is_for_admins_alone_and_secrets_too() -> None:
    for endpoint in ("sessions.show", "sessions.find", "sessions.one", "nases.configuration", "users.show"):
        assert ALLOWED[endpoint] == {Role.ADMIN}, endpoint


def test_in_a_real_town_an_admin_sets_up_a_second_factor_before_anything_else(
    store: Store, sites: Sites, password_hash: str
) -> None:
    real, clock = sites.model_copy(update={"sample": False}), FixedClock(NOW)
    with store.writing() as connection:
        accounts.create(connection, "the-network-admin", password_hash, NOW)
        accounts.create(connection, "the-report-reader", password_hash, NOW, role=Role.READER)
    app = create_app(real, store, Secret("k" * 32), clock=clock, wall=clock, passwords=town.QUICK)

    admin, reader = as_role(app, store, Role.ADMIN), as_role(app, store, Role.READER)
    assert (admin.get("/").status_code, admin.get("/").location) == (303, "/me")
    assert admin.get("/me").status_code == 200
    assert reader.get("/").status_code == 200


def test_only_who_may_see_persons_owes_a_factor() -> None:
    for role in Role:
        account = accounts.Account("x", "h", role)
        assert owes_a_factor(account, sample=False) == (role in (Role.ADMIN, Role.PDP))
        assert not owes_a_factor(account, sample=True)
