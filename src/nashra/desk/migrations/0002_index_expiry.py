"""An index over the few pages that expire, since the press asks for them each second."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_newsroom")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX IF NOT EXISTS desk_page_expiry ON wagtailcore_page (expire_at)"
            " WHERE expire_at IS NOT NULL",
            "DROP INDEX IF EXISTS desk_page_expiry",
        )
    ]
