"""Other people's forms, taken in: a saved page so far. One module leads from each form to the desk.

Changes no word of what it takes in. Must not publish by itself or fetch anything.
"""
