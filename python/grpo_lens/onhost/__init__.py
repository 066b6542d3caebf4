"""What `host.py` needs beside itself on a host: one module for each scheduler, and what a run's record is made of."""


class Refused(Exception):
    """A scheduler said no: one plain sentence."""
