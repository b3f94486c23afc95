"""Every token and component of the interface with its states, made by what the pages are made by."""
