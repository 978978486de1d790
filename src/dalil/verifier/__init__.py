"""A checker for strangers: standard library only, shipped in every dossier."""
