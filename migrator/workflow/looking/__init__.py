"""One look at the world for one turn: who is asked, whose each row is, which nodes there are, what others have changed."""
