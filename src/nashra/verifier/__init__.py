"""THE LENS: what a reader may believe of an edition that came by any road.

Needs neither Django nor a newsroom; must not make or mend anything that it looks at.
"""
