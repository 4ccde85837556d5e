"""The supervisor's page of messages: what it shows, to whom, and what its buttons do."""

import pytest
from django.urls import reverse

from catalog.models import Region
from catalog.rules.roles import Role
from hotline.actions.dead_letters import bury
from hotline.actions.delivery import claim_message, record_failure
from hotline.actions.outbox import queue_message, tell_notices
from hotline.models import DeadLetter, Message, Ticket
from hotline.queries.messages import messages_for
from hotline.rules.dead_letters import LetterKind, LetterState
from hotline.rules.messages import MessageChannel, MessageState
from tests.conftest import NOW
from tests.hotline.conftest import PHONE

CAST = (
    "operator",
    "clerk",
    "leader",
    "stranger",
    "golmud_operator",
    "machine",
    "golmud_supervisor",
)


@pytest.fixture
def golmud_supervisor(make_staff):
    return make_staff("golmud-supervisor", Role.SUPERVISOR, region="632800")


@pytest.fixture
def queue(registered, clerk, give_mobile):
    """Writes messages about the ticket; the first goes to the caller, the others to the clerk."""
    give_mobile(clerk)

    def write(number=0, channel=MessageChannel.SMS):
        whom = {"staff": clerk} if number else {"caller": registered.caller}
        return queue_message(
            key=f"key:{number}", channel=channel, text=f"words {number}", at=NOW,
            ticket=registered, **whom,
        )  # fmt: skip

    return write


def fail(message, error="短信网关拒收（422），请核对手机号码"):
    taken = claim_message(now=NOW)
    assert taken == message
    record_failure(taken, error=error, for_good=True, at=NOW)


@pytest.fixture
def dead(queue):
    message = queue()
    fail(message)
    return message


@pytest.fixture
def letter(registered):
    return bury(LetterKind.SWEEP, "7", ticket=registered, error="日历缺少 2028 年", at=NOW)


def buttons(message, letter):
    return {
        "retry-message": reverse("retry-message", args=[message.pk]),
        "cancel-message": reverse("cancel-message", args=[message.pk]),
        "retry-work": reverse("retry-work", args=[letter.pk]),
    }


@pytest.mark.parametrize("name", CAST)
def test_buttons_are_closed_to_everybody_but_the_centres_supervisors(
    request, client, dead, letter, name
):
    client.force_login(request.getfixturevalue(name))
    refusal = 404 if name == "golmud_supervisor" else 403
    for address in buttons(dead, letter).values():
        assert client.post(address).status_code == refusal
    client.post(reverse("retry-messages"))
    dead.refresh_from_db()
    letter.refresh_from_db()
    assert (dead.state, letter.state) == (MessageState.DEAD, LetterState.OPEN)


def test_buttons_change_nothing_on_a_get(client, dead, letter, supervisor):
    client.force_login(supervisor)
    for address in [*buttons(dead, letter).values(), reverse("retry-messages")]:
        assert client.get(address).status_code == 405


def test_page_shows_whom_why_and_no_number_in_full(client, dead, queue, letter, supervisor):
    fail(queue(1))
    client.force_login(supervisor)
    page = client.get(reverse("messages")).content.decode()
    for words in ("来电人", "138****0001", "clerk", "承办单位经办人", "短信网关拒收（422）"):
        assert words in page
    assert "时限催督办" in page
    assert "日历缺少 2028 年" in page
    assert "未配置短信/邮件网关，消息写入本机文件" in page
    for number in ("13800000001", PHONE):
        assert number not in page


def test_page_of_another_centre_is_empty(client, dead, letter, golmud_supervisor):
    client.force_login(golmud_supervisor)
    page = client.get(reverse("messages")).content.decode()
    assert "没有发送失败的消息" in page
    assert "日历缺少" not in page


def test_message_about_several_tickets_is_seen_by_whose_tickets_all_are(
    notify, clerk, give_mobile, supervisor, golmud_supervisor
):
    give_mobile(clerk)
    golmud = Region.objects.get(code="632800")
    notify(4, center=golmud)
    tell_notices(now=NOW)
    assert [one.notices.count() for one in messages_for(golmud_supervisor)] == [4]
    notify()  # of the province's centre: taken up into one message with the four
    tell_notices(now=NOW)
    live = Message.objects.get(state=MessageState.WAITING)
    assert live.notices.count() == 5
    assert live not in messages_for(golmud_supervisor)
    assert live in messages_for(supervisor)


def test_one_is_sent_again_and_one_is_cancelled(client, dead, queue, supervisor, registered):
    other = queue(1)
    client.force_login(supervisor)
    answer = client.post(
        reverse("retry-message", args=[dead.pk]), {"back": "state=dead&number=26"}, follow=True
    )
    assert answer.redirect_chain == [("/messages/?state=dead&number=26", 302)]
    assert "已重新排入发送" in answer.content.decode()
    client.post(reverse("cancel-message", args=[other.pk]))
    states = dict(Message.objects.values_list("pk", "state"))
    assert states == {dead.pk: MessageState.WAITING, other.pk: MessageState.CANCELLED}
    kinds = [event.kind for event in registered.events.order_by("sequence")][-2:]
    assert kinds == ["message_retried", "message_cancelled"]
    again = client.post(reverse("retry-message", args=[dead.pk]), follow=True)
    assert "不需要重新发送" in again.content.decode()


def test_all_that_the_filter_shows_are_sent_again_and_no_others(client, dead, queue, supervisor):
    by_mail = queue(1, MessageChannel.EMAIL)
    fail(by_mail)
    client.force_login(supervisor)
    answer = client.post(reverse("retry-messages"), {"back": "state=dead&channel=sms"}, follow=True)
    assert "1 条已重新排入发送" in answer.content.decode()
    dead.refresh_from_db()
    by_mail.refresh_from_db()
    assert (dead.state, by_mail.state) == (MessageState.WAITING, MessageState.DEAD)


def test_background_work_is_marked_for_another_try(client, letter, supervisor):
    client.force_login(supervisor)
    page = client.post(reverse("retry-work", args=[letter.pk]), follow=True).content.decode()
    assert "等待重试" in page
    assert DeadLetter.objects.get().state == LetterState.RETRY


def test_nothing_personal_gets_into_events(client, dead, queue, letter, supervisor):
    client.force_login(supervisor)
    for address in buttons(dead, letter).values():
        client.post(address)
    kept = str([list(ticket.events.values()) for ticket in Ticket.objects.all()])
    for private in ("13800000001", PHONE, "示例人", "words"):
        assert private not in kept


def test_number_of_failures_stands_beside_the_link(client, dead, letter, supervisor):
    client.force_login(supervisor)
    page = client.get(reverse("board")).content.decode()
    assert '消息发送<span class="count">2</span>' in page


def test_pages_take_a_fixed_number_of_queries(
    client, queue, supervisor, django_assert_max_num_queries
):
    for number in range(30):
        queue(number)
    client.force_login(supervisor)
    with django_assert_max_num_queries(20):
        page = client.get(reverse("messages") + "?state=waiting").content.decode()
    assert "words 29" in page


def test_mobile_is_entered_once_and_shown_masked(client, clerk, make_staff):
    admin = make_staff("admin", Role.ADMINISTRATOR)
    admin.is_staff = admin.is_superuser = True
    admin.save()
    client.force_login(admin)
    address = reverse("admin:hotline_staffcontact_add")
    refused = client.post(address, {"staff": clerk.pk, "mobile": "0971-6000000"})
    assert "请填写 11 位手机号码" in refused.content.decode()
    client.post(address, {"staff": clerk.pk, "mobile": f"+86 {PHONE}"})
    assert clerk.contact.mobile == PHONE
    listed = client.get(reverse("admin:hotline_staffcontact_changelist")).content.decode()
    assert "138****0002" in listed
    assert PHONE not in listed
