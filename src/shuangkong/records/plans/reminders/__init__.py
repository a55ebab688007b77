"""提醒: what a clock tells each person, the messages that wait to be sent, and the calendar a person subscribes to."""
