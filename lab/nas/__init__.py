"""NASes that enforce what they are told: each kind's pages and attributes in one file, the rest shared.

A real NAS knows its clients by their MAC on the wire. On loopback there is none, so here a client *is* its source
address: a phone is given an address of the NAS's client network when it joins, and every other loopback address
(a browser on 127.0.0.1, say) is one client of its own whose MAC is made from the address.
"""
