"""预测预警: barometer, triggers, headroom, response (节能减排方案: 预警、调控、帮扶)."""
