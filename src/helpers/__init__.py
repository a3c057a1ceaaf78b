"""The analyses, figures and tables shared by the compendium's notebooks.

Data flows one way, and a room imports only from the rooms before it:

study → models → analysis → claims → report → cli
"""
