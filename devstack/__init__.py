"""This package will start, watch and stop everything Keepwell runs on.

It holds no Django and needs only the standard library, so that it can speak
before (and while) anything else is broken.
"""
