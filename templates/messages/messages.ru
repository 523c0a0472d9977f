title=Ringtail
