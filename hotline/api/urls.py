"""Addresses of the API."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from hotline.api.views import ItemViewSet, RegionViewSet, RouteView, TicketViewSet, UnitViewSet

router = SimpleRouter()
router.register("tickets", TicketViewSet, basename="api-ticket")
router.register("catalog/items", ItemViewSet, basename="api-item")
router.register("catalog/units", UnitViewSet, basename="api-unit")
router.register("catalog/regions", RegionViewSet, basename="api-region")

urlpatterns = [
    path("v1/", include(router.urls)),
    path("v1/route/", RouteView.as_view(), name="api-route"),
    path(
        "v1/schema/",
        login_not_required(SpectacularAPIView.as_view(permission_classes=[])),
        name="schema",
    ),
]
