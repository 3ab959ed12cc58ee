from django.urls import path

from peer import views

urlpatterns = [
    path("api/plain", views.plain),
    path("api/session", views.session),
    path("sign-in", views.sign_in),
    path("sign-out", views.sign_out),
]
