"""What readers see: templates, style, script, words and dates, over ``edition``'s frozen values.

``rendering.render(page)`` turns a page into bytes. Nothing in this room reads a database, a clock or,
once it is imported, a file; the same page always gives the same bytes.
"""
