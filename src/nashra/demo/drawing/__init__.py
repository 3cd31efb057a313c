"""The demo's pictures, cut from coloured paper by code: the same seed always gives the same picture.

``python -m nashra.demo.drawing FOLDER`` draws them all. The newsroom itself never calls this: what it
shows are the files in ``demo/pictures/``.
"""
