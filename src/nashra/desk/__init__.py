"""The newsroom: where stories are written, checked, published, scheduled and withdrawn, on Wagtail.

Owns stories, people, photos and sections. Must not know how a page looks, nor anything of readers.
"""
