"""K-pop album covers from chart to generated picture, as a Dagster pipeline."""

import os

# TensorFlow's own messages at start-up look like faults on a machine without a GPU; what really
# goes wrong arrives as an exception.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

# On processors without AVX512 TensorFlow leaves its faster kernels off.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
