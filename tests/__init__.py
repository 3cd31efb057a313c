"""The tests: one folder a room; ``journeys`` in a real browser, ``outside`` on material that nobody here wrote."""
