"""THE MIRRORS: who carries our editions, brought up to date and looked at.

Knows the edition's folder as it lies; must not know how it is cut, and nothing waits for a mirror.
"""
