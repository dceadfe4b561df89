"""What a copy was copied from, told with every save of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds one column."""

    dependencies = (("newstagger", "0001_initial"),)
    operations = (migrations.AddField("standing", "source", models.JSONField(default=list)),)
