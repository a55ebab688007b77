"""在线监测登记: outlets, devices, meters, limits and facilities over time; orders, alarms and marks; what the gateway asks."""
