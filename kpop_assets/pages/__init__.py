"""The HTML pages that people look at: templates, one base and one style sheet for all of them."""
