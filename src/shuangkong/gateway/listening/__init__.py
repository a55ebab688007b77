"""监听: takes what devices send, keeps it in the evidence log, and answers when it is durable.

``connection`` is one device's line, ``commit`` the group that is made durable together, ``server`` the listeners and
their life, ``orders`` what we ask of devices. What the frames mean is read later, by ``gateway.consuming``.
"""
