"""The gateway beside a plain NAT of the same kernel and beside Debian's openNDS."""
