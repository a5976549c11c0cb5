"""What the pages are made of, read from the store in counts: no MAC, address or session id leaves these files."""
