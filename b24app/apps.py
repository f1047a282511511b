from django.apps import AppConfig


class DocketConfig(AppConfig):
    name = "b24app"
    label = "docket"
    verbose_name = "Docket"
    default_auto_field = "django.db.models.BigAutoField"
