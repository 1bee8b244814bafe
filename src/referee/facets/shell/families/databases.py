"""Databases and the tools that migrate them: what drops, resets, dumps or opens a shell."""

from __future__ import annotations

from typing import Final

RULES: Final = """
dropdb|dropuser : database_destroy
mysqladmin ... drop|flush-*|shutdown|kill|password : database_destroy
redis-cli|valkey-cli|keydb-cli %flushall|%flushdb|%del|%unlink|%shutdown|%debug|%swapdb : database_destroy
redis-cli|valkey-cli|keydb-cli %config %set|%rewrite|%resetstat : escalation
redis-cli|valkey-cli|keydb-cli %slaveof|%replicaof|%module|%failover|%script : escalation
redis-cli|valkey-cli|keydb-cli %cluster %reset|%forget|%flushslots|%delslots : database_destroy
redis-cli|valkey-cli|keydb-cli %keys|%monitor|%save|%bgsave|%migrate : read
memcflush|memcrm : database_destroy
rails|rake|bin/rails|bin/rake ... db:drop|db:reset|db:drop:all|db:schema:load|db:migrate:reset|db:purge|db:truncate_all : database_destroy
rails|rake|bin/rails|bin/rake ... db:migrate|db:seed|db:setup|db:rollback : deploy
prisma migrate reset : database_destroy
prisma db push [--force-reset|--accept-data-loss] : database_destroy
prisma migrate deploy : deploy
drizzle-kit drop : database_destroy
drizzle-kit push|migrate : deploy
manage.py|django-admin flush|reset_db|sqlflush : database_destroy
manage.py|django-admin migrate : deploy
manage.py migrate * zero : database_destroy
artisan migrate:fresh|migrate:reset|db:wipe|migrate:refresh|migrate:rollback : database_destroy
artisan migrate : deploy
alembic downgrade : deploy
alembic upgrade|stamp : deploy
flask db downgrade : deploy
flask db upgrade : deploy
sequelize|sequelize-cli|knex db:drop|db:migrate:undo:all|db:seed:undo:all : database_destroy
sequelize|sequelize-cli|knex migrate:rollback|db:migrate:undo : deploy
sequelize|sequelize-cli|knex migrate:latest|db:migrate : deploy
typeorm schema:drop : database_destroy
typeorm migration:revert : deploy
typeorm migration:run|schema:sync : deploy
mikro-orm schema:drop|schema:fresh : database_destroy
mix ecto.drop|ecto.reset : database_destroy
mix ecto.rollback : deploy
mix ecto.migrate : deploy
doctrine:database:drop|doctrine:schema:drop : database_destroy
console doctrine:database:drop|doctrine:schema:drop|doctrine:fixtures:load : database_destroy
dotnet ef database drop : database_destroy
dotnet ef database update : deploy
goose|dbmate|migrate|sql-migrate down|drop|reset|down-to|rollback : database_destroy
goose|dbmate|migrate|sql-migrate up : deploy
flyway clean|undo : database_destroy
flyway migrate : deploy
liquibase dropAll|drop-all|rollback* : database_destroy
liquibase update : deploy
pg_dropcluster|pg_resetwal|pg_ctlcluster : database_destroy
pg_ctl stop|kill : service_change
pg_restore [-c|--clean] : database_destroy
pg_restore : deploy
pg_dump|pg_dumpall|mysqldump|mariadb-dump|mongodump|mongoexport|cqlsh-dump : data_export
mongorestore [--drop] : database_destroy
sqlite3 ... {*.shell*|*.system*} : shell_escape
nodetool decommission|removenode|assassinate|drain|clearsnapshot|stopdaemon : database_destroy
cockroach node|sql ... drain|decommission : database_destroy
influx delete : database_destroy
influx bucket|org|user delete : database_destroy
clickhouse-client|clickhouse {*DROP*|*TRUNCATE*} : database_destroy
elasticdump : data_export
rethinkdb export|restore : data_export
nsupdate : service_change
""".strip()
