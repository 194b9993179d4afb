"""Call the review session by its name."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("cards", "0003_import_as_job"),
    ]

    operations = [
        migrations.RenameModel(old_name="Sitting", new_name="ReviewSession"),
    ]
