"""The stand: hands pressed files to readers at memory speed, and keeps the newsroom's processes running.

It passes only what lies beneath ``/readers/`` on to Django. Must not render, press or read the desk's
database, and must never write down who asked for what.
"""
