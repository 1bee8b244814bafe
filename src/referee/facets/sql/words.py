"""Tables of words: what statements that have no tree of their own do, and which functions do more than compute.

Rule 1: a word that is not here is not known, and what is not known hides an operation.
"""

from __future__ import annotations

from typing import Final

HEADS: Final[dict[str, str]] = {
    "SELECT": "select", "WITH": "select", "VALUES": "select", "TABLE": "select", "FETCH": "select", "SUMMARIZE": "select",
    "INSERT": "insert", "UPDATE": "update", "DELETE": "delete", "MERGE": "merge", "UPSERT": "replace",
    "REPLACE": "replace", "TRUNCATE": "truncate", "CREATE": "create", "ALTER": "alter", "DROP": "drop", "UNDROP": "create",
    "RENAME": "rename", "COMMENT": "comment", "SECURITY": "comment", "GRANT": "grant", "REVOKE": "revoke", "DENY": "revoke",
    "REASSIGN": "alter", "CALL": "call", "EXECUTE": "execute", "EXEC": "execute", "DO": "execute", "PREPARE": "execute",
    "COPY": "copy", "LOAD": "load", "IMPORT": "load", "BULK": "load", "RESTORE": "load", "EXPORT": "export",
    "UNLOAD": "export", "BACKUP": "export", "EXPLAIN": "explain", "DESCRIBE": "describe", "DESC": "describe",
    "SHOW": "show", "SET": "set", "RESET": "set", "DISCARD": "set", "USE": "use", "BEGIN": "transaction",
    "START": "transaction", "COMMIT": "transaction", "ROLLBACK": "transaction", "SAVEPOINT": "transaction",
    "RELEASE": "transaction", "END": "transaction", "ABORT": "transaction", "LOCK": "lock", "LOCK TABLES": "lock",
    "UNLOCK": "lock", "ATTACH": "attach", "DETACH": "detach", "PRAGMA": "pragma", "ANALYZE": "analyze",
    "VACUUM": "vacuum", "REINDEX": "vacuum", "OPTIMIZE": "vacuum", "CLUSTER": "vacuum", "REPAIR": "vacuum",
    "REFRESH": "refresh", "KILL": "kill", "SHUTDOWN": "admin", "CHECKPOINT": "admin", "FLUSH": "admin", "PURGE": "admin",
    "INSTALL": "admin", "UNINSTALL": "admin", "DBCC": "admin", "RECONFIGURE": "admin", "LISTEN": "notify",
    "UNLISTEN": "notify", "NOTIFY": "notify", "DECLARE": "declare", "DEALLOCATE": "declare", "CLOSE": "declare",
    "WAITFOR": "wait", "HANDLER": "handler", "CACHE": "cache", "UNCACHE": "cache", "IF": "other", "WHILE": "other",
    "DELIMITER": "other",
}  # fmt: skip
"""What a statement does, by its first word."""
KNOWN: Final = frozenset(
    [
    "SHOW", "SET", "RESET", "DISCARD", "VACUUM", "REINDEX", "OPTIMIZE", "CLUSTER", "REFRESH", "LOCK", "UNLOCK",
    "DEALLOCATE", "CLOSE", "SAVEPOINT", "RELEASE", "END", "ABORT", "CHECKPOINT", "FLUSH", "LISTEN", "UNLISTEN",
    "NOTIFY", "RENAME", "GRANT", "REVOKE", "DENY", "COMMENT", "ANALYZE", "CREATE", "ALTER", "DROP", "KILL",
]
) | {"LOCK TABLES"}  # fmt: skip
"""First words that say all there is to say, names apart."""
SELF_CONTAINED: Final = frozenset(
    {"SAVEPOINT", "RELEASE", "END", "ABORT", "DISCARD", "CHECKPOINT", "DEALLOCATE", "CLOSE"}
)
"""Of these, those that name no table."""

STARTS: Final = frozenset(
    [
        "shutdown",
        "exec",
        "execute",
        "kill",
        "dbcc",
        "backup",
        "restore",
        "bulk",
        "deny",
        "revert",
        "waitfor",
        "reconfigure",
        "print",
        "raiserror",
        "checkpoint",
        "truncate",
        "drop",
        "alter",
        "create",
        "insert",
        "update",
        "delete",
        "merge",
        "grant",
        "revoke",
    ]
)
"""Words that begin a further statement of T-SQL, which needs no semicolon, where another database sees an alias."""

FUNCTIONS: Final[dict[str, tuple[str, ...]]] = {
    "sequence": ("setval", "nextval", "next_value_for", "nextvaluefor"),
    "write_file": (
        "lo_export", "pg_file_write", "pg_file_rename", "pg_file_unlink", "pg_file_sync", "writefile", "utl_file.fopen",
        "utl_file.put_line", "dbms_xslprocessor.clob2file", "dbms_advisor.create_file", "sys_bineval",
    ),
    "read_file": (
        "pg_read_file", "pg_read_binary_file", "pg_ls_dir", "pg_stat_file", "pg_ls_logdir", "pg_ls_waldir", "pg_ls_tmpdir",
        "pg_ls_archive_statusdir", "pg_current_logfile", "lo_import", "load_file", "readfile", "fsdir", "read_csv",
        "read_csv_auto", "read_parquet", "parquet_scan", "read_json", "read_json_auto", "read_json_objects",
        "read_ndjson", "read_ndjson_auto", "read_ndjson_objects", "read_text", "read_blob", "read_xlsx", "csv_scan",
        "sniff_csv", "sqlite_scan", "bfilename", "xmltype_file", "openrowset", "opendatasource",
        "iceberg_scan", "delta_scan", "st_read", "sys.xp_fileexist", "zipfile",
    ),
    "network": (
        "dblink", "dblink_exec", "dblink_connect", "dblink_connect_u", "dblink_open", "dblink_fetch", "dblink_send_query",
        "postgres_scan", "postgres_query", "mysql_scan", "mysql_query", "http_get", "http_post", "http_put", "http_delete",
        "http_head",
        "utl_http.request", "utl_inaddr.get_host_address",
        "utl_inaddr.get_host_name", "utl_smtp.open_connection", "utl_tcp.open_connection", "httpuritype",
        "dbms_ldap.init", "external_query", "openquery", "sys.fn_get_audit_file", "fn_xe_file_target_read_file",
        "fn_trace_gettable",
    ),
    "execute": (
        "query_to_xml", "query_to_xmlschema", "query_to_xml_and_xmlschema", "cursor_to_xml", "table_to_xml",
        "schema_to_xml", "database_to_xml", "table_to_xmlschema", "schema_to_xml_and_xmlschema",
        "database_to_xml_and_xmlschema", "ts_stat", "crosstab", "crosstabn", "connectby", "load_extension", "sys_eval",
        "sys_exec", "lib_mysqludf_sys_exec", "dbms_xmlgen.getxml", "dbms_xmlquery.getxml",
        "dbms_sql.execute", "dbms_java.runjava", "dbms_scheduler.create_job", "eval", "plpy.execute",
        "xp_cmdshell", "sp_executesql", "sp_oacreate", "fts3_tokenizer", "reflect", "java_method",
    ),
    "admin": (
        "pg_terminate_backend", "pg_cancel_backend", "pg_reload_conf", "pg_rotate_logfile", "pg_switch_wal",
        "pg_create_restore_point", "pg_start_backup", "pg_stop_backup", "pg_backup_start", "pg_backup_stop", "pg_promote",
        "pg_wal_replay_pause", "pg_wal_replay_resume", "pg_create_physical_replication_slot",
        "pg_create_logical_replication_slot", "pg_drop_replication_slot", "pg_copy_physical_replication_slot",
        "pg_copy_logical_replication_slot", "pg_logical_slot_get_changes", "pg_logical_slot_get_binary_changes",
        "pg_replication_slot_advance", "pg_replication_origin_create", "pg_replication_origin_drop", "pg_export_snapshot",
        "pg_stat_reset", "pg_stat_reset_shared", "pg_stat_reset_single_table_counters", "pg_stat_statements_reset",
        "pg_import_system_collations", "pg_log_backend_memory_contexts", "master_pos_wait", "brin_summarize_new_values",
    ),
    "update": (
        "lo_create", "lo_creat", "lo_unlink", "lo_put", "lo_from_bytea", "lowrite", "lo_truncate", "lo_truncate64",
        "gin_clean_pending_list", "pg_logical_emit_message",
    ),
    "set": ("set_config", "set_limit", "dbms_session.set_role", "dbms_session.set_context"),
    "notify": ("pg_notify",),
    "lock": (
        "pg_advisory_lock", "pg_advisory_xact_lock", "pg_try_advisory_lock", "pg_try_advisory_xact_lock",
        "pg_advisory_lock_shared", "pg_advisory_unlock", "pg_advisory_unlock_all", "get_lock", "release_lock",
        "release_all_locks", "pg_try_advisory_lock_shared", "pg_advisory_xact_lock_shared",
    ),
    "wait": ("pg_sleep", "pg_sleep_for", "pg_sleep_until", "sleep", "benchmark", "dbms_lock.sleep", "dbms_session.sleep",
             "dbms_pipe.receive_message", "sleepeachrow"),
}  # fmt: skip
TABLE_FUNCTIONS: Final[dict[str, tuple[str, ...]]] = {
    "read_file": ("glob", "file", "fileexists"),
    "network": (
        "http", "url", "s3", "hdfs", "remote", "mysql", "postgresql", "mongodb", "jdbc", "odbc", "gcs", "iceberg",
        "deltalake", "azureblobstorage", "s3cluster", "urlcluster", "remotesecure",
    ),
    "execute": ("executable", "query", "query_table"),
}  # fmt: skip
"""Functions that do so where a table stands, and are plain names elsewhere."""
_EFFECTS: Final = {name: effect for effect, names in FUNCTIONS.items() for name in names}
_TABLE_EFFECTS: Final = {name: effect for effect, names in TABLE_FUNCTIONS.items() for name in names}
_FAMILIES: Final = (
    ("dblink", "network"), ("utl_http.", "network"), ("xp_", "execute"), ("sp_oa", "execute"), ("dbms_java.", "execute"),
    ("dbms_scheduler.", "execute"), ("pg_ls_", "read_file"), ("utl_file.", "write_file"), ("system$", "admin"),
)  # fmt: skip


def effect_of(function: str, *, table: bool = False) -> str | None:
    """Say what a function does besides computing a value.

    >>> effect_of("pg_read_file"), effect_of("xp_dirtree"), effect_of("upper")
    ('read_file', 'execute', None)
    """
    found = _EFFECTS.get(function) or (_TABLE_EFFECTS.get(function) if table else None)
    if found is None:
        return next((effect for start, effect in _FAMILIES if function.startswith(start)), None)
    return found
