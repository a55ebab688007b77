"""预测预警 (outlook): pages of the barometer, what is to come, what is left, and what follows."""
