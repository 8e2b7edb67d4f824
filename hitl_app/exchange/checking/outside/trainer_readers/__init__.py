"""Reads exports with the trainers' own loading code, in the interpreter in which a trainer is installed.

Nothing here imports this product: it may not be installed there. `__main__.py` says what goes in and what comes out.
"""
