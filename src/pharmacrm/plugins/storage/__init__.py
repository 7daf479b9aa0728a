"""Where records, journal and outbox are kept: in memory (the reference), or in an SQL database."""
