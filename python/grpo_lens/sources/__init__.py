"""Frameworks as source: modules, classes and fields of dataclasses, read without importing them."""
