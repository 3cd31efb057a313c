"""Database → content: the only room behind the desk that reads the models of desk and readers.

Everything here reads through one database alias, inside ``snapshot()``, so that a run sees one state.
"""
