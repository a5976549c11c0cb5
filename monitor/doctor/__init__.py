"""``hotspot doctor <nas>``: live checks of everything that a visitor's login at one NAS rests on."""
