"""The search and the articles for programs: JSON under /api/v1, described by OpenAPI."""
