"""From a drive or a leak into the vault: hash first, look later."""
