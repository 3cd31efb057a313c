"""The press room: what is published becomes files, at once, and only what a change touches.

``gather`` (database → content) → ``plan`` (what must change) → ``render`` (content → bytes) →
``write`` (bytes → files); ``run`` is one press run and ``watch`` the process that runs them.
"""
