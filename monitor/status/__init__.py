"""The public status page: static files that a web server or another machine shows, whatever else is away."""
