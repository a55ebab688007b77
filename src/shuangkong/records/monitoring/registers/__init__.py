"""在线监测的登记册: each a table of fields; one way to register, revise, end, list and take a file serves them all."""
