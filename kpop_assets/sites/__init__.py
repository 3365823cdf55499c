"""How the pipeline talks to the outside: one HTTP session, a room a kind of site."""
