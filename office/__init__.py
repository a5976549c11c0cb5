"""The office's door: who is online, what is broken, and figures that can be defended."""
