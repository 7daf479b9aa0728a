"""pharmacrm beside Tryton 8.2, the open ERP that installs from pip and guards a credit limit against races.

Tryton is under the GPL. It runs in an environment and in processes of its own, is never imported by anything
that pharmacrm ships, and answers through a pipe.
"""
