"""THE BUNDLES: an edition's stories in one file that a browser or a book reader opens without a network.

Bytes in, bytes out; must not know a database, a newsroom's folders, or which stories are chosen.
"""
