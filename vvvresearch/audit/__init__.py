"""Does a published report agree with itself, and with others: any text, PDF, Word or HTML file, Danish or English."""

from vvvresearch.audit._audit import Audit, audit, audit_documents
from vvvresearch.audit._document import Block, Document, Unread
from vvvresearch.audit._finding import Finding, Place
from vvvresearch.audit._reading import READABLE, read_document

__all__ = ["READABLE", "Audit", "Block", "Document", "Finding", "Place", "Unread", "audit", "audit_documents", "read_document"]
