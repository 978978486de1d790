"""Lanes and transcripts in and out: WebVTT, ELAN, VIA 3, W3C Web Annotation."""
