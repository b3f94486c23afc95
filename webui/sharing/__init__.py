"""What other sites and programs are told of this one: search engines, browsers, social networks."""
