"""The commands behind the Makefile.

Only the standard library is used here, because this code runs before there is a
virtual environment.
"""
