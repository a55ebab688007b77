"""方案: reads and audits a plan document (节能减排综合工作方案); pure functions from text to structure.

``document`` is what a file becomes, ``reading`` what a document means, ``reader`` how one becomes the other,
``audit`` what is doubtful about it.
"""
