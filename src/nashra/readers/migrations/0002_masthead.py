from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("readers", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Masthead",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("language", models.CharField(max_length=35, unique=True)),
                ("publication", models.JSONField()),
            ],
            options={"abstract": False, "default_permissions": ()},
        ),
    ]
