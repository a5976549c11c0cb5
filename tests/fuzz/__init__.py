"""Packets that were changed on their way, by the hundred thousand: what our parser and what pyrad make of them."""
