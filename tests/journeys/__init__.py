"""Whole stories, as people live them: a real browser against a real ``nashra serve``."""
