"""Nashra: the publishing system of a newsroom whose readers may live under a media blackout."""

__version__ = "0.1.0"
