"""Which assets ask the same site or train: a team limits how many of them run at a time.

Without limits, as on a laptop, a pool changes nothing. `dagster instance concurrency set` sets one.
"""

CHART_SITE = "chart_site"
SHOPS = "shops"
IMAGE_SEARCH = "image_search"
TRAINING = "training"
"""Its steps ask a cluster for what a training needs, the others for one core."""
