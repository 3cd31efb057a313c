"""Readers' comments that were written elsewhere: WordPress, Disqus, and another newsroom's export.

Must not let anything of a commenter in but their name, their words and the day.
"""
