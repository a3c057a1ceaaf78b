"""Figures, tables and sentences made from results rows, and the pages written from what ran."""
