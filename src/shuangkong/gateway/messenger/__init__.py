"""消息通道: hands letters to e-mail, office messengers and SMS gateways, and says what became of each."""
