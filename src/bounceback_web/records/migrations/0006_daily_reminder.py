"""An hour at which the student wants to be reminded, once a day."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0005_awaiting_strands_grants")]

    operations = [
        migrations.AddField(
            model_name="learnerrecord",
            name="reminder_at",
            field=models.TimeField(null=True),
        ),
    ]
