"""预测预警的文书: the barometer as it is published, notices to those who stand at a level."""
