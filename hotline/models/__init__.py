"""The ticket and everything that hangs on it."""

from hotline.models.assignments import Assignment, Reply, ReturnRequest
from hotline.models.callers import Caller
from hotline.models.clocks import Clock, Notice
from hotline.models.decisions import Decision, Suggestion, Transfer
from hotline.models.events import Event, Heartbeat
from hotline.models.feedback import Callback
from hotline.models.tickets import NumberCounter, Ticket

__all__ = [
    "Assignment",
    "Callback",
    "Caller",
    "Clock",
    "Decision",
    "Event",
    "Heartbeat",
    "Notice",
    "NumberCounter",
    "Reply",
    "ReturnRequest",
    "Suggestion",
    "Ticket",
    "Transfer",
]
