"""The network's door: poll, reading, health, topology, history, expose."""
