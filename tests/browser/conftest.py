"""A real Chromium against a real server."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from catalog.models import Staff

# Playwright runs an event loop in the test's thread, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    assert program, "no Chromium found: run `make browser`"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield running
        running.close()


def open_window(browser: Browser) -> tuple[Page, list[str]]:
    """A fresh window, and the list that the errors of its scripts go to."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    window = context.new_page()
    errors: list[str] = []
    window.on("pageerror", lambda error: errors.append(str(error)))
    window.on(
        "console",
        # A refused form answers 422, which the browser logs as an error of the network.
        lambda line: (
            errors.append(line.text)
            if line.type == "error" and "Failed to load resource" not in line.text
            else None
        ),
    )
    return window, errors


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh window in which any error of our scripts fails the test."""
    window, errors = open_window(browser)
    yield window
    window.context.close()
    assert not errors


class _SharedServer(ThreadedWSGIServer):
    def _close_connections(self) -> None:
        """The one connection is the test's, and stays open."""


def _one_by_one(application: Any) -> Callable[..., Any]:
    """The application with its static files, for threads that share a connection."""
    inner, turn = StaticFilesHandler(application), threading.Lock()

    def answer(environ: Any, start_response: Any) -> Any:
        with turn:
            return inner(environ, start_response)

    return answer


@pytest.fixture(scope="session")
def shared_server(browser: Browser, django_db_setup: None) -> Iterator[str]:
    """A server that works within the test's own transaction, which is rolled back after the test: much
    quicker than `live_server`, which sets the whole stage up anew. Its address.

    After `browser`: under Playwright's event loop Django hands this thread another connection.
    """
    patch = pytest.MonkeyPatch()
    patch.setattr(settings, "ALLOWED_HOSTS", ["localhost", *settings.ALLOWED_HOSTS])
    # In a transaction the connection does not look as a request finds it otherwise.
    patch.setattr(connections["default"], "close_if_unusable_or_obsolete", lambda: None)
    server = LiveServer("localhost", start=False)
    server.thread.server_class = _SharedServer
    server.thread.static_handler = _one_by_one
    server.thread.connections_override = {"default": connections["default"]}
    server.start()
    yield server.url
    server.stop()
    patch.undo()


@pytest.fixture(scope="session")
def shared_window(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    window, errors = open_window(browser)
    yield window, errors
    window.context.close()


@pytest.fixture
def open_as(
    shared_window: tuple[Page, list[str]], shared_server: str, db: None
) -> Iterator[Callable[[Staff | None, str], Page]]:
    """Opens a path as this person, or as somebody without a login, in one window for all tests."""
    window, errors = shared_window
    errors.clear()

    def open_path(user: Staff | None, path: str) -> Page:
        window.context.clear_cookies()
        if user is not None:
            client = Client()
            client.force_login(user)
            name = settings.SESSION_COOKIE_NAME
            value = client.cookies[name].value
            window.context.add_cookies([{"name": name, "value": value, "url": shared_server}])
        window.goto(shared_server + path)
        return window

    yield open_path
    window.goto("about:blank")  # nothing is sent any more once the transaction is gone
    assert not errors
