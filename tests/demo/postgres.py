"""A demo on PostgreSQL gets an empty database of its own, for as long as it runs."""

from __future__ import annotations

DROP = "DROP DATABASE IF EXISTS {} WITH (FORCE)"


def create(url: str) -> None:
    """Drops and makes the database of a `postgresql://` URL; nothing for any other."""
    _run(url, DROP, "CREATE DATABASE {}")


def drop(url: str) -> None:
    """Drops the database of a `postgresql://` URL; nothing for any other."""
    _run(url, DROP)


def _run(url: str, *statements: str) -> None:
    if not url.startswith("postgres"):
        return
    import psycopg
    from psycopg import sql

    server, _, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        for statement in statements:
            connection.execute(sql.SQL(statement).format(sql.Identifier(name)))
