"""What is made of the pictures and the sound of a file, one maker a file."""
