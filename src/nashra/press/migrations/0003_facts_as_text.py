"""Facts that an older press kept lack what lists are sorted by; the next press is a full one and knows."""

import json

from django.db import migrations


def complete(apps, schema_editor):
    alias = schema_editor.connection.alias
    standing, run = apps.get_model("press", "Standing"), apps.get_model("press", "PressRun")
    for row in standing.objects.using(alias).filter(key__startswith="story:").iterator():
        facts = {"moment_us": 0, "changed_us": 0} | json.loads(row.facts)
        standing.objects.using(alias).filter(pk=row.pk).update(facts=json.dumps(facts, ensure_ascii=False))
    run.objects.using(alias).update(fingerprint="")


class Migration(migrations.Migration):
    dependencies = [("press", "0002_placings")]

    operations = [migrations.RunPython(complete, migrations.RunPython.noop)]
