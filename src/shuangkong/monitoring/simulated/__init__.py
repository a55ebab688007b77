"""模拟站点: invented outlets and meters that are played as real ones behave, for the demo, for tests and for load.

Everything is a function of a seed and a time: nothing is kept between two calls, any past hour can be told again, and a
supplement gives the figures that were sent. ``cast`` invents sites, ``process`` plays the plant behind one, ``means``
makes minutes of instants, hours of minutes and days of hours, ``troubles`` are what goes wrong, ``speaking`` writes the
messages, ``answering`` obeys orders.
"""
