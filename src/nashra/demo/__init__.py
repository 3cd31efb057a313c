"""A newsroom to look around in: invented stories, people, places and pictures, loaded as one's own.

Goes through the same verbs as editors and readers do; must not press or serve anything.
"""
