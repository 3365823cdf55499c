"""Parts of networks that recipes share."""
