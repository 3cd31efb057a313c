"""The readers' desk: comments, reactions and their moderation.

It knows a story by its public id alone, has a database of its own and, in the readers' process, no
way to any other. Must not store or log where a post came from, or import the desk.
"""
