"""The vans: what leaves the house in other forms than pages; one module each, none knows another.

Each is a pure function from the edition's values to bytes. Must not read a database, a file or a clock.
"""
