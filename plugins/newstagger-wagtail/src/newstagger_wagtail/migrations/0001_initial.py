"""The report's index."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """One row a page, one row a tag."""

    initial = True
    dependencies = (("wagtailcore", "0094_alter_page_locale"),)
    operations = (
        migrations.CreateModel(
            name="TaggedPage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("answer", models.BigIntegerField(db_index=True)),
                ("article", models.CharField(max_length=255)),
                ("language", models.CharField(blank=True, max_length=35, verbose_name="language")),
                (
                    "reuse",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("wholly-derived", "wholly derived"),
                            ("partially-derived", "partially derived"),
                            ("non-derived", "non derived"),
                            ("not-checked", "not checked"),
                        ],
                        max_length=32,
                        verbose_name="wire copy",
                    ),
                ),
                ("at", models.DateTimeField(null=True, verbose_name="tagged at")),
                ("page", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="wagtailcore.page")),
            ],
        ),
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("concept", models.CharField(db_index=True, max_length=255, verbose_name="concept")),
                ("label", models.CharField(max_length=255, verbose_name="tag")),
                (
                    "facet",
                    models.CharField(
                        choices=[("topic", "topic"), ("region", "region"), ("actor", "actor")], max_length=16, verbose_name="facet"
                    ),
                ),
                ("role", models.CharField(blank=True, max_length=16, verbose_name="role")),
                (
                    "decision",
                    models.CharField(
                        choices=[("auto", "auto"), ("suggest", "suggest"), ("silent", "silent")], max_length=16, verbose_name="policy"
                    ),
                ),
                ("score", models.FloatField(verbose_name="score")),
                (
                    "tagged",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="tags", to="newstagger_wagtail.taggedpage"),
                ),
            ],
            options={"verbose_name": "suggested tag", "ordering": ("-tagged__at", "tagged_id", "facet", "-score", "concept")},
        ),
    )
