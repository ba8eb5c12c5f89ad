"""Builds languages and the font."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from common.assets.catalogues import catalogues_build
from common.assets.font import font_build
from common.assets.workshop import UnableToBuild, Workshop


class Command(BaseCommand):
    """Runs before migrate and without a database; quick when nothing changed."""

    help = "Builds what is not in git: compiled translations and the font subset."
    requires_system_checks = []
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        workshop = Workshop(settings.BUILD_DIR / "built.json")
        try:
            languages = catalogues_build(settings.LOCALE_PATHS, workshop)
            font = font_build(
                settings.BUILD_DIR / "static" / "inter-var.woff2", workshop
            )
        except UnableToBuild as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{languages} catalogues and {int(font)} font built; the rest is current."
        )
