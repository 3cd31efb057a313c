"""Placings and files are found by what they name alone: that is their key, and on SQLite the table itself."""

import django.db.models.deletion
from django.db import migrations, models

# Of six rows a story, none needs a number, nor a second tree that leads to it.
_SQLITE = """
    CREATE TABLE press_placing_by_key (
        placed_list_id bigint NOT NULL REFERENCES press_placedlist (id) DEFERRABLE INITIALLY DEFERRED,
        moment_us bigint NOT NULL,
        key varchar(200) NOT NULL,
        PRIMARY KEY (placed_list_id, moment_us, key)
    ) WITHOUT ROWID;
    INSERT INTO press_placing_by_key SELECT placed_list_id, moment_us, key FROM press_placing;
    DROP TABLE press_placing;
    ALTER TABLE press_placing_by_key RENAME TO press_placing;
    CREATE TABLE press_file_by_path (
        path varchar(1000) NOT NULL PRIMARY KEY,
        sha256 varchar(64) NOT NULL,
        size_bytes bigint unsigned NOT NULL CHECK (size_bytes >= 0)
    ) WITHOUT ROWID;
    INSERT INTO press_file_by_path SELECT path, sha256, size_bytes FROM press_pressedfile;
    DROP TABLE press_pressedfile;
    ALTER TABLE press_file_by_path RENAME TO press_pressedfile
"""
_POSTGRESQL = """
    ALTER TABLE press_placing DROP CONSTRAINT press_placing_once;
    ALTER TABLE press_placing DROP COLUMN id;
    ALTER TABLE press_placing ADD PRIMARY KEY (placed_list_id, moment_us, key);
    ALTER TABLE press_pressedfile DROP CONSTRAINT IF EXISTS press_pressedfile_path_key;
    ALTER TABLE press_pressedfile DROP COLUMN id;
    ALTER TABLE press_pressedfile ADD PRIMARY KEY (path)
"""


def rebuild(apps, schema_editor):
    statements = _SQLITE if schema_editor.connection.vendor == "sqlite" else _POSTGRESQL
    for statement in statements.split(";"):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("press", "0005_fill_last_changes")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(rebuild)],
            state_operations=[
                migrations.RemoveField("PressedFile", "id"),
                migrations.AlterField(
                    "PressedFile",
                    "path",
                    models.CharField(max_length=1000, primary_key=True, serialize=False),
                ),
                migrations.DeleteModel("Placing"),
                migrations.CreateModel(
                    "Placing",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "placed_list_id", "moment_us", "key",
                                blank=True, editable=False, primary_key=True, serialize=False,
                            ),
                        ),
                        ("moment_us", models.BigIntegerField()),
                        ("key", models.CharField(max_length=200)),
                        (
                            "placed_list",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                to="press.placedlist",
                            ),
                        ),
                    ],
                ),
            ],
        ),
    ]
