"""The tests: one folder a room, whole stories in ``journeys``, other people's material in ``outside``."""
