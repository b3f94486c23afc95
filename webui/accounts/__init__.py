"""Accounts: who may do more than search, how they log in, and what they did."""
