"""Probes that look as a visitor or as a NAS does: echoes, web pages, names, RADIUS, and a citizen's whole way in."""
