"""Sites: where graves and homes are said to lie, what became of them, who must be warned."""
