"""What an evaluation says: its document, intervals, comparison with a baseline, table and page."""
