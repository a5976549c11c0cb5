"""Debian's Alertmanager with the shipped file against a Telegram of our own: one message for one cause."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.request import Request, urlopen

from tests.peers.process import free_port, program, running, wait_until
from tests.peers.telegram import telegram

SHIPPED = Path(__file__).parents[3] / "deploy" / "alertmanager" / "alertmanager.yml"


def raise_alerts(port: int, *alerts: dict[str, str]) -> None:
    told = {"summary": "Tautan bruno putus, Kecamatan Bruno", "action": "Lihat halaman ringkasan"}
    content = [{"labels": labels, "annotations": told | {"summary": labels["alertname"]}} for labels in alerts]
    body = json.dumps(content).encode()
    asked = Request(f"http://127.0.0.1:{port}/api/v2/alerts", body, {"Content-Type": "application/json"})
    with urlopen(asked, timeout=5) as answer:  # noqa: S310 - our own loopback server
        assert answer.status == 200


def test_a_cut_link_is_one_message_and_a_blind_monitor_silences_what_it_cannot_see(tmp_path: Path) -> None:
    port = free_port()
    with telegram() as bot:
        text = SHIPPED.read_text().replace("https://api.telegram.org", bot.url)
        text = re.sub(r"group_wait: \d+s", "group_wait: 1s", text).replace("group_interval: 5m", "group_interval: 1s")
        (tmp_path / "alertmanager.yml").write_text(text)
        command = [program("prometheus-alertmanager", "prometheus-alertmanager")]
        command += [f"--config.file={tmp_path}/alertmanager.yml", f"--storage.path={tmp_path}"]
        command += [f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address="]
        with running(command, tmp_path / "log"):
            wait_until(lambda: urlopen(f"http://127.0.0.1:{port}/-/ready", timeout=2).close() is None, "it is ready")
            cut = {"severity": "critical", "link": "bruno", "kecamatan": "Bruno"}
            burns = {"alertname": "LinkBudgetBurnsFast", **cut}
            raise_alerts(port, {"alertname": "LinkDown", **cut}, burns)
            wait_until(lambda: bot.texts, "the cut link is told")
            raise_alerts(port, {"alertname": "MonitorBlind", "severity": "critical"})
            wait_until(lambda: any("MonitorBlind" in said for said in bot.texts), "blindness is told")
            raise_alerts(port, {"alertname": "DeviceDown", "severity": "critical", "device": "ap"})
            raise_alerts(port, {"alertname": "OfficeDown", "severity": "warning"})
            wait_until(lambda: any("OfficeDown" in said for said in bot.texts), "another cause is told")

    assert bot.texts[0].splitlines()[:2] == ["GAWAT: LinkDown", "Lihat halaman ringkasan"]
    assert not [said for said in bot.texts if "DeviceDown" in said or "LinkBudget" in said]
    assert {str(one["chat_id"]) for one in bot.messages} == {"-1"}
