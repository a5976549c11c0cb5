"""The steps that bring a database from nothing to the tables page, written by Alembic."""
