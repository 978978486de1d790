"""What is read: rows that follow the acts, and can be written anew from them."""
