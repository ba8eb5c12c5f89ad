"""The audit log: what was changed, by whom, from where. Rows are only ever added.

The tables are made by SQL in a migration and are not managed by Django, because nothing
of Django may alter or empty them: not a migration, not a flush.
"""

from django.db import models


class AuditEntry(models.Model):
    """A link of the chain. `digest` covers every column and the digest before it."""

    # Without gaps: a number that is missing was taken out.
    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    # No foreign key: the entry outlives the person.
    actor_id = models.BigIntegerField(null=True)
    action = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    before = models.JSONField()
    after = models.JSONField()
    detail_digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        managed = False
        db_table = "accounts_auditentry"

    def __str__(self) -> str:
        return f"{self.number} {self.action}"


class AuditDetail(models.Model):
    """Personal details of an entry; may be erased, and the chain still holds.

    The entry keeps a digest of `salt` and `data`; without the salt it tells nothing.
    `data`: actor (name, email), address, agent, and personal values under
    before / after / subject.
    """

    entry = models.OneToOneField(
        AuditEntry, models.DO_NOTHING, primary_key=True, related_name="detail"
    )
    # Whose details these are besides the actor's, so that erasure finds them.
    person_id = models.BigIntegerField(null=True)
    salt = models.CharField(max_length=32)
    data = models.JSONField()

    class Meta:
        managed = False
        db_table = "accounts_auditdetail"

    def __str__(self) -> str:
        return f"details of {self.entry_id}"


class AuditHead(models.Model):
    """How long the chain is and how it ends, under a key that is not in the database."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    entries = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    mac = models.CharField(max_length=64)

    class Meta:
        managed = False
        db_table = "accounts_audithead"

    def __str__(self) -> str:
        return f"{self.entries} entries"
