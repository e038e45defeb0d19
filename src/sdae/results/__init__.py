"""The results on disk (runs, studies, SVMs, pictures), and their measurements. Nothing is written."""
