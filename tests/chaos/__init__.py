"""Kill RADIUS at random moments under load, and compare what it acknowledged with what the database holds."""
