"""How lengths of time are said: 1½ hours, 1 h 30 min, 90 minutes."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0001_the_record")]

    operations = [
        migrations.AddField(
            model_name="learnerrecord",
            name="time_as",
            field=models.CharField(default="parts", max_length=10),
        ),
    ]
