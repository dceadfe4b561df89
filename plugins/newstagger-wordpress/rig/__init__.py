"""A real WordPress on SQLite on this machine, for tests and benchmarks: ``parts`` fetches it, ``site`` makes and serves one."""
