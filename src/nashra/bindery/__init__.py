"""THE BINDERY: this newsroom's editions, from what its press has written.

Knows the newsroom's database and folders; must not sign, and must not say anything that no pressed page says.
"""
