"""How values are shown: `show` chooses, `human` for people, `data` for programs, `live` while a run goes on."""
