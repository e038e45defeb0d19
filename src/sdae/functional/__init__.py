"""The mathematics, as pure functions; nothing here knows of layers, runs or settings.

Two parts have a state: the compiled loops of :mod:`.online`, which are kept in files, and the metric
:class:`.error_rate.ErrorRate`.
"""
