"""The first tables: decisions, answers, kept texts, names of tags, what stands on an article."""

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Make the tables."""

    initial = True

    dependencies: ClassVar[list[Any]] = []

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="Term",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("concept", models.CharField(max_length=255, unique=True)),
                ("facet", models.CharField(choices=[("topic", "topic"), ("region", "region"), ("actor", "actor")], max_length=16)),
                ("label", models.TextField()),
                ("name", models.CharField(max_length=255)),
                ("key", models.CharField(max_length=255, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("site", models.CharField(max_length=255)),
                ("article", models.CharField(max_length=255)),
                ("at", models.CharField(max_length=40)),
                ("work_key", models.CharField(blank=True, max_length=64)),
                ("reuse_state", models.TextField(blank=True)),
                ("wishes", models.CharField(blank=True, max_length=64)),
                ("seen", models.JSONField(null=True)),
                ("tagging", models.BinaryField()),
                ("revision", models.BigIntegerField(null=True)),
                ("rules", models.CharField(blank=True, max_length=64)),
                ("suggestions", models.PositiveIntegerField(default=0)),
                ("reuse", models.CharField(blank=True, max_length=32)),
                ("bundle", models.CharField(blank=True, max_length=255)),
            ],
            options={
                "indexes": [models.Index(fields=["site", "article", "id"], name="newstagger_answer_article")],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("site", models.CharField(max_length=255)),
                ("article", models.CharField(max_length=255)),
                ("at", models.CharField(max_length=40)),
                ("concept", models.CharField(max_length=255)),
                (
                    "action",
                    models.CharField(
                        choices=[("accepted", "accepted"), ("rejected", "rejected"), ("added", "added"), ("removed", "removed")],
                        max_length=16,
                    ),
                ),
                ("by", models.CharField(blank=True, max_length=255)),
                ("text_hash", models.CharField(blank=True, max_length=64)),
                ("bundle", models.CharField(blank=True, max_length=255)),
                ("shown", models.BooleanField(default=True)),
                ("reason", models.TextField(blank=True)),
                ("revision", models.BigIntegerField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["site", "article", "id"], name="newstagger_decision_article")],
            },
        ),
        migrations.CreateModel(
            name="KeptText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("site", models.CharField(max_length=255)),
                ("article", models.CharField(max_length=255)),
                ("at", models.CharField(max_length=40)),
                ("text_hash", models.CharField(max_length=64)),
                ("copy", models.BinaryField()),
            ],
            options={
                "indexes": [models.Index(fields=["at"], name="newstagger_kept_at")],
                "constraints": [models.UniqueConstraint(fields=("site", "article", "text_hash"), name="newstagger_kept_once")],
            },
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("site", models.CharField(max_length=255)),
                ("article", models.CharField(max_length=255)),
                ("applied", models.JSONField(default=list)),
                ("notices", models.JSONField(default=list)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("site", "article"), name="newstagger_standing_once")],
            },
        ),
    ]
