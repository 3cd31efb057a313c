"""Each publication once, as the newest thread of its language knew it."""

from django.db import migrations


def fill(apps, schema_editor):
    alias = schema_editor.connection.alias
    thread, masthead = apps.get_model("readers", "Thread"), apps.get_model("readers", "Masthead")
    for language in thread.objects.using(alias).values_list("language", flat=True).distinct():
        newest = thread.objects.using(alias).filter(language=language).order_by("-pk").first()
        masthead.objects.using(alias).get_or_create(
            language=language, defaults={"publication": newest.publication}
        )


class Migration(migrations.Migration):
    dependencies = [("readers", "0002_masthead")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
