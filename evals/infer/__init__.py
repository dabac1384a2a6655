"""Infers what each turn of an interviewer does: its step, its act, its questions."""
