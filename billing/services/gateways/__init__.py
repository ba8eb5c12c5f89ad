"""Keeping in step with gateways: accounts, what they tell, what is read there."""
