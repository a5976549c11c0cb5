"""How fast the office is when it has much to look back on."""
