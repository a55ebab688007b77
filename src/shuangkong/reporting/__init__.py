"""联网直报: forms, the life of a return, checks; pure functions from policy and content to findings and standings.

``forms`` is what a form asks, ``content`` what a return says, ``checks`` what is doubtful about it, ``life`` what may
happen to it, ``correction`` how versions meet.
"""
