"""The ticket and everything that hangs on it."""

from hotline.models.assignments import Assignment, Reply
from hotline.models.callers import Caller
from hotline.models.clocks import Clock, Notice
from hotline.models.contacts import StaffContact
from hotline.models.decisions import Decision, Suggestion, Transfer
from hotline.models.events import Event, Heartbeat, HistoryIsFixed, Seal
from hotline.models.feedback import Callback
from hotline.models.outbox import DeadLetter, Message
from hotline.models.requests import EndProposal, ExtensionRequest, ReturnRequest, Supplement
from hotline.models.supervision import Consult, SupervisionOrder
from hotline.models.tickets import NumberCounter, Ticket

__all__ = [
    "Assignment",
    "Callback",
    "Caller",
    "Clock",
    "Consult",
    "DeadLetter",
    "Decision",
    "EndProposal",
    "Event",
    "ExtensionRequest",
    "Heartbeat",
    "HistoryIsFixed",
    "Message",
    "Notice",
    "NumberCounter",
    "Reply",
    "ReturnRequest",
    "Seal",
    "StaffContact",
    "Suggestion",
    "SupervisionOrder",
    "Supplement",
    "Ticket",
    "Transfer",
]
