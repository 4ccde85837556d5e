"""All addresses."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.urls import include, path

from hotline.views import (
    account,
    board,
    citizen,
    desk,
    lists,
    messages,
    notices,
    orders,
    routing,
    ticket,
)

urlpatterns = [
    path("", account.home, name="home"),
    path(
        "login/",
        login_not_required(
            LoginView.as_view(template_name="account/login.html", redirect_authenticated_user=True)
        ),
        name="login",
    ),
    path("logout/", LogoutView.as_view(), name="logout"),
    path(
        "password/",
        PasswordChangeView.as_view(template_name="account/password.html", success_url="/"),
        name="password",
    ),
    # Operator
    path("desk/", desk.desk, name="desk"),
    path("desk/suggest/", desk.suggest, name="suggest"),
    path("desk/draft/", desk.autosave, name="autosave"),
    path("desk/caller/", desk.caller_history, name="caller-history"),
    path("desk/units/", desk.units_for_item, name="units-for-item"),
    path("desk/draft/<str:key>/discard/", desk.discard, name="discard-draft"),
    path("work/", lists.worklist, name="worklist"),
    # Unit
    path("queue/", lists.queue, name="queue"),
    # Supervisor
    path("board/", board.board, name="board"),
    path("board/routing/", routing.routing, name="routing-quality"),
    # Who orders, who answers, who looks on
    path("orders/", orders.orders, name="orders"),
    path("orders/export/", orders.export, name="export-orders"),
    path("messages/", messages.message_list, name="messages"),
    path("messages/retry/", messages.retry_every, name="retry-messages"),
    path("messages/<int:pk>/retry/", messages.retry, name="retry-message"),
    path("messages/<int:pk>/cancel/", messages.cancel, name="cancel-message"),
    path("messages/work/<int:pk>/retry/", messages.retry_work, name="retry-work"),
    # Everybody with a ticket
    path("tickets/", lists.tickets, name="tickets"),
    path("tickets/export/", lists.export, name="export-tickets"),
    path("tickets/<str:number>/", ticket.ticket, name="ticket"),
    path("tickets/<str:number>/reveal/", ticket.reveal, name="reveal"),
    path("tickets/<str:number>/<str:move>/", ticket.make_move, name="move"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read_all, name="read-notices"),
    # Citizen
    path("progress/", citizen.progress, name="progress"),
    path("progress/<str:move>/", citizen.make_move, name="citizen-move"),
    # Machines
    path("api/", include("hotline.api.urls")),
    path("healthz", account.healthz, name="healthz"),
    path("readyz", account.readyz, name="readyz"),
    path("admin/", admin.site.urls),
]
