"""The research object of a book (Workflow Run RO-Crate): what was run on what, with which parameters and versions."""
