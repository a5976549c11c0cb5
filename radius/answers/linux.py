"""Our own Linux box: it reads the attributes that CoovaChilli reads, so that any RADIUS server can drive it."""

from radius.answers.coovachilli import attributes

__all__ = ["attributes"]
