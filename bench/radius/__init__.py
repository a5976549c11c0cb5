"""RADIUS beside Debian's FreeRADIUS: the same packets, the same machine, the same database server."""
