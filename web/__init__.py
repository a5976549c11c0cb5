"""The porch of both Flask rooms: base template, palette, headers, CSRF, language choice, error pages, gunicorn runner."""
