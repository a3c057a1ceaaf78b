"""Jobs without their start-up: forked from one process that has loaded the scientific stack.

Importing what a notebook needs takes longer than many a notebook. While the workflow runs, a process waits that has
imported all of it and has done nothing else; each job is a fork of it, and each kernel too. A notebook so has a process
and a namespace of its own as before. Where that cannot be, a job runs as if this package were not there.
"""
