"""The package's version, read by the build back end and by `vvv --version`."""

__version__ = "0.1.0"
