"""Which results lie on disk (runs, studies, SVMs, pictures), and what each of them measured. Nothing is written."""
