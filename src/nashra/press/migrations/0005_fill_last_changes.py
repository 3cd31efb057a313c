"""A story's last publication stood among its facts, and has a column of its own now."""

import json

from django.db import migrations


def fill(apps, schema_editor):
    alias = schema_editor.connection.alias
    standing, run = apps.get_model("press", "Standing"), apps.get_model("press", "PressRun")
    for row in standing.objects.using(alias).filter(key__startswith="story:").iterator():
        facts = json.loads(row.facts)
        changed_us = facts.pop("changed_us", 0)
        text = json.dumps(facts, ensure_ascii=False)
        standing.objects.using(alias).filter(pk=row.pk).update(changed_us=changed_us, facts=text)
    run.objects.using(alias).update(fingerprint="")


class Migration(migrations.Migration):
    dependencies = [("press", "0004_last_changes")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
