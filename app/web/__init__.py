"""The Chainlit page."""
