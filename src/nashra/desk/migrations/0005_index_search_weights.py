from django.db import migrations

# On SQLite the search weighs each title against the average length of all of them, at every save. Without
# this index it reads every story's whole text for that: at 100,000 stories a third of a second each time.
NAME = "nashra_search_weights"


def add_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            f"CREATE INDEX IF NOT EXISTS {NAME} ON wagtailsearch_indexentry (title_norm, title)"
        )


def remove_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP INDEX IF EXISTS {NAME}")


class Migration(migrations.Migration):

    dependencies = [
        ("desk", "0004_provenance"),
        ("wagtailsearch", "0010_add_text_fields"),
    ]

    operations = [migrations.RunPython(add_index, remove_index)]
