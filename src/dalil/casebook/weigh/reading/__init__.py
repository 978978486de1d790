"""What weighing reads of the index: whole cases, or what bears on a few claims."""
