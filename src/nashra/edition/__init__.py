"""The paper: what a publication is once it is decided, as plain values and rules.

Pure Python: no Django, no network, no clock. Everything above this room may import it; it imports
nothing of ours.
"""
