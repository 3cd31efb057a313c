"""Intake of ninjs, IPTC's news in JSON: a file of items → stories at the desk.

``reading`` cuts the file into items, ``item`` reads one, ``markup`` cuts its body, ``resolving`` finds
what it names at the desk, ``filing`` writes, ``report`` tells. Must not ask the network for anything.
"""
