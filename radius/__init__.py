"""The NAS's door: request, policy, ledger, reply; it owns all sessions."""
