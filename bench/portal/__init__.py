"""make bench-portal: the first page's weight and speed, and the storm when a square opens."""
