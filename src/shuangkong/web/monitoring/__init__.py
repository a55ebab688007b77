"""在线监测的各页: duty screen, outlets, registers, validity, orders, alarms, rates and reports."""
