"""Measurements of the house beside its peers on the same machine; no part of what is installed."""
