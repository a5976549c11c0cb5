"""The porch of both Flask rooms: base page, palette, security headers, languages, error pages, gunicorn runner."""
