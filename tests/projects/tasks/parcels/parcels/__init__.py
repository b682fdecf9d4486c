"""Sending parcels."""
