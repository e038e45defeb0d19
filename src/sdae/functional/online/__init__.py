"""One example an update, the procedure of the paper's authors, at the speed of memory.

The paper does not print a batch size. Its authors' library, PLearn (StackedAutoassociatorsNet and DeepBeliefNet), takes
one example at a time in pretraining, in contrastive divergence and in fine-tuning, so that is the default everywhere
here. It is not the same as a minibatch whose gradients are summed: where inputs are dense, a sum of twenty gradients at
Table 2's rates steps far past the stability limit, while twenty single steps do not.

A block of examples goes through a loop that numba compiles (:mod:`.kernels`), which trains the given tensors in place.
Each function here returns None where that loop cannot run, on a GPU, in float64, or without numba; then the same steps
are taken in torch (:mod:`sdae.functional.backpropagation`, :mod:`sdae.functional.contrastive_divergence`), to the same
numbers up to rounding.
"""

from sdae.functional.online.blocks import autoencoder_block, classifier_block, machine_block

__all__ = ["autoencoder_block", "classifier_block", "machine_block"]
