"""预测预警: what is remembered of warnings: issues of the barometer, responses, headroom."""
