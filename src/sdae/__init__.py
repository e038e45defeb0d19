"""Stacked Denoising Autoencoders (Vincent et al., JMLR 2010), runnable again."""

__version__ = "0.1.0"
