"""Choices of options, repeated here so that ``--help`` need not import the modules that define them."""

from typing import Literal

Source = Literal["auto", "original", "generated"]  # sdae.data.origin
Mode = Literal["auto", "online", "offline", "off"]  # sdae.tracking.options
Form = Literal["draw", "mean"]  # sdae.evaluation.samples
Weights = Literal["pretrained", "best", "random"]  # sdae.evaluation.trained
Kernel = Literal["linear", "rbf"]  # sdae.evaluation.svm.search
CorruptionName = Literal["masking", "salt-and-pepper", "gaussian", "swap"]  # sdae.functional.corruption
