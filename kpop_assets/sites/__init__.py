"""How the pipeline talks to the outside: one HTTP session, a module per site, the sample site."""
