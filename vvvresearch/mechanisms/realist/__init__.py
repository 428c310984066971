"""Realist evaluation: configurations, theory of change, moderation, the evidence ledger, RAMESES."""
