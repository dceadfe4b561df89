"""The tables of the ledger and the audit log: made together, so that reading one never waits for a writer to make it."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS ledger_decision(
    seq INTEGER PRIMARY KEY, site TEXT NOT NULL, id TEXT NOT NULL, concept TEXT NOT NULL, action TEXT NOT NULL, by TEXT NOT NULL,
    at TEXT NOT NULL, text_hash TEXT NOT NULL, bundle TEXT NOT NULL, shown INTEGER NOT NULL, reason TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS ledger_article ON ledger_decision(site, id);
CREATE TRIGGER IF NOT EXISTS ledger_append_only BEFORE UPDATE ON ledger_decision
    BEGIN SELECT RAISE(ABORT, 'decisions are never changed'); END;
CREATE TABLE IF NOT EXISTS audit_save(
    seq INTEGER PRIMARY KEY, site TEXT NOT NULL, id TEXT NOT NULL, at TEXT NOT NULL, work_key TEXT NOT NULL, reuse_state TEXT NOT NULL,
    wishes TEXT NOT NULL, seen TEXT NOT NULL, tagging BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS audit_article ON audit_save(site, id, seq);
"""
