"""The names of the event kinds this app writes."""

MESSAGE_SENT = "mail.message_sent"
