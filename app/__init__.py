"""mlsd: a mock interviewer for machine-learning system design."""
