"""The newsroom's own state: what editors decided, what was answered, and the policy."""
