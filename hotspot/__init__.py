"""The hall: the words, rules and store that every room shares.

A hotspot is a place where visitors go online. This room says what a site, a NAS, a device, a link, a grant and a
session are. It imports no other room, and no Flask.
"""
