"""What every page of the desk stands on: words, access, drafts, refusals."""
