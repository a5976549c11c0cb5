"""Real peers for tests, one file each: servers and clients that Debian ships, started on loopback or in a namespace."""
