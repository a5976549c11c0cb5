# SPDX-License-Identifier: GPL-2.0-only
"""A process of its own that looks at a network with scapy (GPL-2.0-only); the monitor speaks to it by a socket."""
