"""How long tests wait for another process."""

PATIENT = 600  # seconds after which it is taken to hang; far more than any needs on a busy machine
