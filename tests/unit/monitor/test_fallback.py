"""What the monitor sends itself, and only while Alertmanager is away."""

from __future__ import annotations

from hotspot.secret import Secret
from monitor.fallback import Fallback, Route

WAY = Route("http://am", "http://telegram", "-7", Secret("0:rahasia"), Secret("http://outside/x"))


class World:
    """Alertmanager and Telegram, each there or not."""

    def __init__(self) -> None:
        self.up = {"http://am": True, "http://telegram": True}
        self.sent: list[str] = []
        self.beats = 0

    def __call__(self, url: str, content: dict[str, str] | None) -> bool:
        if url == "http://outside/x":
            self.beats += 1
            return True
        there = self.up[url.split("/bot", maxsplit=1)[0].split("/-/", maxsplit=1)[0]]
        if there and content:
            assert (url, content["chat_id"]) == ("http://telegram/bot0:rahasia/sendMessage", "-7")
            self.sent.append(content["text"])
        return there


def test_while_alertmanager_is_there_the_monitor_keeps_quiet_and_shows_that_it_lives() -> None:
    world = World()
    fallback = Fallback(WAY, world)
    fallback.tell("Tautan putus.")
    fallback.turn()

    assert (world.sent, world.beats) == ([], 1)


def test_while_it_is_away_each_sentence_is_sent_once_and_after_a_note() -> None:
    world = World()
    world.up["http://am"] = False
    fallback = Fallback(WAY, world)
    fallback.tell("Tautan putus.")
    fallback.turn()
    assert world.sent == [], "one miss may be a restart"
    fallback.turn()
    fallback.tell("Tautan pulih.")
    fallback.turn()

    assert world.sent[0].startswith("Alertmanager tidak menjawab")
    assert world.sent[1:] == ["Tautan putus.", "Tautan pulih."]


def test_what_telegram_does_not_take_waits_for_the_next_turn() -> None:
    world = World()
    world.up = dict.fromkeys(world.up, False)
    fallback = Fallback(WAY, world)
    fallback.tell("Tautan putus.")
    for _ in range(3):
        fallback.turn()
    world.up["http://telegram"] = True
    fallback.turn()

    assert world.sent[-1] == "Tautan putus."


def test_without_a_bot_nothing_is_kept_or_asked() -> None:
    asked: list[str] = []

    def ask(url: str, _content: dict[str, str] | None) -> bool:
        asked.append(url)
        return True

    fallback = Fallback(Route("http://am", "http://telegram", "", None, None), ask)
    fallback.tell("x")
    fallback.turn()
    assert asked == []
