"""/api/v1/: tickets, the router, the catalogue."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.models import Item, Region, Unit
from catalog.rules.roles import Role
from hotline.actions.errors import WrongInput
from hotline.actions.intake import register_ticket
from hotline.api.serializers import (
    ItemRefSerializer,
    NewTicketSerializer,
    RegionRefSerializer,
    RouteQuestionSerializer,
    TicketSerializer,
    UnitRefSerializer,
)
from hotline.models import Ticket
from hotline.permissions import role_of
from hotline.queries.tickets import NoSuchTicket, access_ticket, tickets_for
from hotline.rules.states import State
from routing.service import route


class Pages(CursorPagination):
    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = "-id"


class CodePages(Pages):
    ordering = "code"


class HasRole(BasePermission):
    """An account with a role; without one nothing can be seen or done."""

    message = "您的账号没有设置岗位。"

    def has_permission(self, request: Request, view: APIView) -> bool:
        return bool(request.user.is_authenticated and role_of(request.user))


class TicketViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """Tickets that the account may see; registering new ones."""

    queryset = Ticket.objects.none()
    serializer_class = TicketSerializer
    pagination_class = Pages
    permission_classes = [HasRole]
    lookup_field = "number"

    def get_queryset(self) -> Any:
        return tickets_for(self.request.user).exclude(state=State.DRAFT)

    @extend_schema(responses=TicketSerializer)
    def retrieve(self, request: Request, number: str) -> Response:
        """One ticket by its number."""
        try:
            ticket = access_ticket(request.user, number)
        except NoSuchTicket as error:
            raise NotFound("没有这张工单，或它不在您的查看范围内。") from error
        return Response(TicketSerializer(ticket).data)

    @extend_schema(
        request=NewTicketSerializer,
        responses={201: TicketSerializer, 200: TicketSerializer},
        parameters=[
            OpenApiParameter(
                "Idempotency-Key",
                str,
                OpenApiParameter.HEADER,
                required=True,
                description="每份请求自定的唯一键（1 至 80 字符）；重发同一请求用同一键，不会重复建单",
            )
        ],
    )
    def create(self, request: Request) -> Response:
        """Register a request. 201 with the ticket; sent again with the same key, 200 with the same."""
        if role_of(request.user) not in (Role.MACHINE, Role.OPERATOR):
            raise PermissionDenied("只有话务员和对接系统的账号可以登记工单。")
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            raise WrongInput(
                "Idempotency-Key", "请在请求头 Idempotency-Key 中给出本次请求的唯一键。"
            )
        form = NewTicketSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        ticket, made = register_ticket(
            intake=form.intake(), key=key, by=request.user, at=timezone.now()
        )
        fresh = access_ticket(request.user, ticket.number or "")
        return Response(TicketSerializer(fresh).data, status=201 if made else 200)


class RouteView(APIView):
    """The router's answer to a text. Nothing is kept."""

    permission_classes = [HasRole]

    @extend_schema(request=RouteQuestionSerializer, responses={200: dict})
    def post(self, request: Request) -> Response:
        question = RouteQuestionSerializer(data=request.data)
        question.is_valid(raise_exception=True)
        decision = route(
            question.validated_data["text"], region=question.validated_data.get("region") or None
        )
        return Response(decision.to_json())


class _CatalogueViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Rows that hold today."""

    pagination_class = CodePages
    permission_classes = [HasRole]
    lookup_field = "code"
    lookup_value_regex = "[^/]+"

    def get_queryset(self) -> Any:
        return super().get_queryset().current()


class ItemViewSet(_CatalogueViewSet):
    """The fine items of attachments 1 and 2."""

    queryset = Item.objects.all()
    serializer_class = ItemRefSerializer


class UnitViewSet(_CatalogueViewSet):
    """Bodies that can be given a ticket."""

    queryset = Unit.objects.all()
    serializer_class = UnitRefSerializer


class RegionViewSet(_CatalogueViewSet):
    """Regions by GB/T 2260 code."""

    queryset = Region.objects.all()
    serializer_class = RegionRefSerializer
