"""Telling people and systems outside what becomes of a run: notices from the journal, senders, measures."""
