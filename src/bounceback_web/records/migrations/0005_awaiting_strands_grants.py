"""Results awaited, a working date, catalog and strands of resources, whole sessions, grants."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0004_made_at_from_our_clock")]

    operations = [
        *(
            migrations.AddField(model_name=model, name=name, field=field)
            for model, name, field in (
                ("attempt", "result_read", models.DateField(null=True)),
                ("learnerrecord", "date_stands", models.BooleanField(default=False)),
                ("learnerrecord", "working_date", models.DateField(null=True)),
                ("plansession", "mode", models.CharField(max_length=20, null=True)),
                ("plansession", "filter", models.TextField(null=True)),
                ("plansession", "areas", models.JSONField(default=list)),
                ("plansession", "first_pass", models.BooleanField(null=True)),
                ("plansession", "of", models.TextField(null=True)),
                ("plansession", "steps", models.JSONField(default=list)),
                ("resource", "catalogue", models.TextField(null=True)),
                ("resource", "strand", models.CharField(max_length=20, null=True)),
                ("resource", "left_by_area", models.JSONField(default=dict)),
            )
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("to", models.TextField()),
                ("scopes", models.JSONField(default=list)),
                ("may", models.CharField(max_length=20)),
                ("purpose", models.TextField()),
                ("first_day", models.DateField(null=True)),
                ("until", models.DateField()),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="store.learnerrecord",
                    ),
                ),
            ],
            options={"ordering": ("position",), "abstract": False},
        ),
    ]
