"""newstagger tags an article by topic, region and actor when a CMS saves it, and says whether it is wire copy."""
