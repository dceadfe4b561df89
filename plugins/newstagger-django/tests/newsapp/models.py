"""Article models as newsrooms have them: taggit, many-to-many, lists and comma separated text."""

import uuid

from django.conf import settings
from django.db import models
from taggit.managers import TaggableManager


class Article(models.Model):
    title = models.CharField(max_length=200)
    lead = models.TextField(blank=True)
    text = models.TextField(blank=True)
    lang = models.CharField(max_length=8, blank=True, default="en")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    status = models.CharField(max_length=8, default="draft", choices=[(s, s) for s in ("draft", "live", "killed")])
    modified = models.DateTimeField(auto_now=True)
    tags = TaggableManager(blank=True)

    def __str__(self):
        return self.title


class Keyword(models.Model):
    name = models.CharField(max_length=60, unique=True)
    slug = models.SlugField(unique=True)

    def __str__(self):
        return self.name


class Place(models.Model):
    title = models.CharField(max_length=100)

    def __str__(self):
        return self.title


class Story(models.Model):
    headline = models.CharField(max_length=200)
    body = models.TextField()
    topics = models.ManyToManyField(Keyword, blank=True)
    places = models.ManyToManyField(Place, blank=True)

    def __str__(self):
        return self.headline


class Brief(models.Model):
    headline = models.CharField(max_length=200)
    body = models.TextField()
    keywords = models.JSONField(default=list, blank=True)
    places = models.CharField(max_length=40, blank=True)
    modified = models.DateTimeField(auto_now=True)


class Leaflet(models.Model):
    """Has its key before it is stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    headline = models.CharField(max_length=200)
    keywords = models.TextField(blank=True)


class Cutting(models.Model):
    """Lives in another database than newstagger's tables."""

    headline = models.CharField(max_length=200)
    body = models.TextField()
