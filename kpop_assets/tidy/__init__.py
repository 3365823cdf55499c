"""What weeks of running leave behind, found and removed: the command `kpop tidy`."""
