"""设备: what is told of boilers beside their register, and machines: certificates, removals, tests, operators."""
