"""What people read, made of a survey's words."""
