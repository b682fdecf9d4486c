"""Long questions: a bug report, a stack trace, a specification -> the files and functions to change."""

from .read import Report, is_report, read_report

__all__ = ["Report", "is_report", "read_report"]
