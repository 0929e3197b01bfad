"""The file that a run is remembered in: opened, locked, migrated, read over one connection. It knows no table's meaning."""
