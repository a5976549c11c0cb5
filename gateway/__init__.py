"""A site's own door: a small Linux box as NAS, whose kernel forwards, counts and shapes while this room only decides."""
