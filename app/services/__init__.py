"""What happens in one turn and after the end, written against ports; no I/O of its own."""
