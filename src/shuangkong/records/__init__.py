"""记录: what is remembered. Django models and migrations, a folder a word.

Models are columns, stores turn rows into values.
"""
