"""模拟上线: invented stations on real sockets, live or as history, for the demo, for tests and for load.

What they say and how they obey is ``monitoring.simulated``; here are their lines, their pace and what is counted.
"""
