"""The database's migrations, oldest first; `config.database.upgrade` applies what is missing."""
