"""Victims of several lists: who may be one person, who people say is one, what each list says."""
