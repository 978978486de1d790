"""Dalil (دليل, evidence): keeps footage of grave crimes so that anyone can check it."""

__version__ = "0.1.0"
