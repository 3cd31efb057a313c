from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("readers", "0003_fill_mastheads")]

    operations = [migrations.RemoveField(model_name="thread", name="publication")]
