"""THE SEAL: keys and signatures, made and checked.

Needs neither Django nor a network nor a clock; must not decide whom a reader trusts, only what a key signed.
"""
