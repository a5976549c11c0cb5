"""The rehearsal: a town on loopback, with phones, NASes and devices that speak the real protocols."""
