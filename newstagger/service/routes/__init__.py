"""The routes of the service, one module a subject; each holds a ``router`` of handlers."""
