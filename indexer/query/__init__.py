"""What is asked and what is answered, decided in Python so that both engines agree (pure)."""
