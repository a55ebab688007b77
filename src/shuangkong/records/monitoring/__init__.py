"""在线监测登记: outlets, devices, meters and limits over time; orders, alarms and marks; profiles for the gateway."""
