"""The plugins that come with newstagger: they register what the lower floors do."""
