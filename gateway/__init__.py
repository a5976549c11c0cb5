"""A site's own door: a small Linux box as NAS; its kernel forwards, counts and shapes, this room only decides."""
