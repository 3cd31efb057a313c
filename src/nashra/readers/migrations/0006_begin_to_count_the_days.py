"""Decisions that were taken before their day was kept count from the day on which this runs."""

from django.db import migrations
from django.utils import timezone


def fill(apps, schema_editor):
    comments = apps.get_model("readers", "Comment").objects.using(schema_editor.connection.alias)
    comments.exclude(state="waiting").filter(decided_on=None).update(decided_on=timezone.now().date())


class Migration(migrations.Migration):
    dependencies = [("readers", "0005_receipts")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
