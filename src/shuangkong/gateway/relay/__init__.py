"""报文转报: frames of registered devices go on to a platform above that speaks HJ 212, each until it is acknowledged.

``taking`` reads the log of the gateway by a bookmark and brings what is to go into an ``outbox``; ``envelope`` writes
each anew as the platform above knows the device; ``sending`` sends over a line of its own and hears the answers;
``running`` does both again and again. Acknowledging devices waits for none of it.
"""
