"""THE BINDING: changed files → the next edition in its folder, prepared, signed and put in place.

Needs no Django; must not know where files come from, when an edition is cut, or who holds the keys.
"""
