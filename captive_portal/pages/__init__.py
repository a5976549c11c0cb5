"""The portal's pages, one file a matter; each gives a blueprint of its routes."""
