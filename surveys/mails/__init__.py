"""The mails of surveys."""
