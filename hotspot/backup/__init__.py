"""The house in one sealed file, and back: what a lost disk must not take, and nothing that had to end."""
