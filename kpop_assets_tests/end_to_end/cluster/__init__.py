"""A PostgreSQL and Ray nodes on this machine, for the tests of clusters."""
