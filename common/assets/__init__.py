"""What is built from packages and sources before the application serves pages."""
