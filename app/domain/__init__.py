"""The interview itself: pure, synchronous, without I/O. Its state is a fold over its events."""
