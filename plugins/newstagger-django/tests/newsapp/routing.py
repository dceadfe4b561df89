"""Cuttings live in the archive database, everything else in the default one."""


class ArchiveRouter:
    def db_for_read(self, model, **hints):
        return "archive" if model._meta.model_name == "cutting" else None

    db_for_write = db_for_read

    def allow_migrate(self, db, app_label, model_name=None, **hints):
        return (db == "archive") == (model_name == "cutting")
