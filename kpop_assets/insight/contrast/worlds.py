"""What covers are called by where they come from: stand-ins are never called real."""

_COVERS = {"sample": "stand-in covers", "folder": "own covers", "live": "real covers"}
_TITLES = {
    "sample": "Stand-in covers of the sample world, and generated ones",
    "folder": "Your own covers, and generated ones",
    "live": "K-pop album covers, real and generated",
}
_QUESTIONS = {"folder": "What do your own covers look like?"}


def covers_called(sites: str) -> str:
    """Return what the covers of `sites` (sample, folder, live, or several) are called."""
    return _COVERS.get(sites, "training covers")


def page_title(sites: str) -> str:
    """Return the title of a page about covers of `sites`."""
    return _TITLES.get(sites, "Album covers, and generated ones")


def page_question(sites: str) -> str:
    """Return the question that a page about covers of `sites` asks."""
    return _QUESTIONS.get(sites, "What does a popular Korean album look like?")
