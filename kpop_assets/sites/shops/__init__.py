"""Where the covers of albums are found."""
