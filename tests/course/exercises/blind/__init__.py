"""Answers written blind: see test_blind.py."""
