"""Demo: a made-up company with a known truth, to look at before loading one's own."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "demo"
