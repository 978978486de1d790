"""Sound as samples on a clock: one channel at one rate, whatever the track holds."""
