from django.contrib import admin
from newstagger_django.admin import NewstaggerAdmin
from newstagger_django.filters import SuggestionsFilter, WireFilter

from newsapp.models import Article, Keyword, Leaflet, Story


@admin.register(Article)
class ArticleAdmin(NewstaggerAdmin, admin.ModelAdmin):
    list_display = ("title", "status")
    save_as = True
    list_filter = (SuggestionsFilter, WireFilter)


@admin.register(Story)
class StoryAdmin(NewstaggerAdmin, admin.ModelAdmin):
    filter_horizontal = ("topics",)


@admin.register(Leaflet)
class LeafletAdmin(NewstaggerAdmin, admin.ModelAdmin):
    exclude = ("id",)


admin.site.register(Keyword)
