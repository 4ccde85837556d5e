"""The main path as people walk it, in a real browser."""

import datetime as dt
import re
import threading

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.db import connection
from playwright.sync_api import Page, expect

from catalog.rules.limits import Rung, Step
from hotline.actions.sweep import sweep_clocks
from hotline.models import Notice, Ticket
from tests.conftest import TEXT

PASSWORD = "only-for-tests"


@pytest.fixture
def people(stage, operator, clerk, leader, supervisor):
    everybody = (operator, clerk, leader, supervisor)
    for person in everybody:
        person.password = make_password(PASSWORD)
        person.save(update_fields=["password"])
    return everybody


def login(page: Page, base: str, username: str) -> None:
    page.goto(f"{base}/login/")
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(re.compile(r"/(desk|queue|board)/"))


def logout(page: Page) -> None:
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/login/")


def press(page: Page, name: str) -> None:
    page.locator("#actions").get_by_role("button", name=name, exact=True).click()


def test_call_is_taken_dispatched_answered_called_back_and_seen(people, page, live_server):
    base = live_server.url
    login(page, base, "operator")
    page.get_by_label("来电号码").fill("13800000001")
    page.get_by_label("姓名").fill("示例人")
    page.get_by_label("诉求内容").fill(TEXT)
    suggestion = page.locator("#suggestion")
    expect(suggestion).to_contain_text("路灯故障", timeout=5000)
    expect(page.locator("#id_item")).to_have_value(re.compile("12345-020602"))
    expect(page.locator("#id_region")).to_have_value(re.compile("630103"))
    expect(page.locator("#saved")).to_contain_text("自动保存", timeout=5000)
    # The operator corrects the item and the unit.
    page.locator("#id_item").fill("道路坑洼 · 公共设施 · 12345-020605")
    page.locator("#id_item").press("Tab")
    expect(page.locator("#units-why")).to_contain_text("主办")
    page.locator("#id_lead_unit").fill("西宁市住房和城乡建设局（示例） · 630100-housing")
    page.locator("#id_co_units").fill("")
    page.get_by_label("诉求内容").press("Control+Enter")
    page.wait_for_url(re.compile(r"/tickets/\d+/"))
    ticket = Ticket.objects.get()
    expect(page.locator("main")).to_contain_text("已登记")
    expect(page.locator("main")).to_contain_text("与建议不同")
    logout(page)

    login(page, base, "clerk")
    page.get_by_role("link", name=ticket.number).click()
    press(page, "签收")
    page.get_by_label("办理结果").fill("已派人修补路面，当天完成。")
    press(page, "答复")
    expect(page.locator("main")).to_contain_text("等待热线审核")
    logout(page)

    login(page, base, "operator")
    page.get_by_role("link", name="待办").click()
    page.get_by_role("link", name=ticket.number).click()
    press(page, "审核通过")
    page.get_by_label("已解决", exact=True).check()
    page.get_by_label("非常满意", exact=True).check()
    press(page, "登记回访")
    expect(page.locator("main")).to_contain_text("已办结")
    logout(page)

    page.goto(f"{base}/progress/")
    page.get_by_label("工单编号").fill(ticket.number)
    page.get_by_label("登记时的电话号码").fill("13800000001")
    page.get_by_role("button", name="查询").click()
    expect(page.locator("h1")).to_have_text("已办结")
    expect(page.locator("main")).to_contain_text("已派人修补路面")


def test_ticket_left_alone_is_urged_and_supervised_once(people, page, live_server):
    base = live_server.url
    login(page, base, "operator")
    page.get_by_label("诉求内容").fill(TEXT)
    expect(page.locator("#id_item")).to_have_value(re.compile("12345-"), timeout=5000)
    page.locator("#id_lead_unit").fill("西宁市住房和城乡建设局（示例） · 630100-housing")
    page.locator("#id_co_units").fill("")
    page.get_by_label("诉求内容").press("Control+Enter")
    page.wait_for_url(re.compile(r"/tickets/\d+/"))
    logout(page)
    login(page, base, "clerk")
    ticket = Ticket.objects.get()
    page.get_by_role("link", name=ticket.number).click()
    press(page, "签收")
    clock = ticket.clocks.get(step=Step.HANDLE)
    monday_after = clock.due_at + dt.timedelta(days=4)
    logout(page)

    def sweep():
        sweep_clocks(now=monday_after)
        connection.close()

    threads = [threading.Thread(target=sweep) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rungs = list(Notice.objects.filter(clock=clock).values_list("rung", flat=True))
    assert rungs.count(Rung.URGE) == 2, rungs
    assert rungs.count(Rung.SUPERVISE) == 1

    with time_machine.travel(monday_after, tick=True):
        login(page, base, "leader")
        page.get_by_role("link", name=re.compile("通知")).click()
        expect(page.locator("main")).to_contain_text("督办")
        page.get_by_role("button", name="全部标为已读").click()
        expect(page.locator("main")).not_to_contain_text("未读")
        logout(page)
        login(page, base, "supervisor")
        expect(page.locator("main")).to_contain_text("超期")
        expect(page.get_by_role("link", name=ticket.number)).to_be_visible()


def test_confirmation_stands_before_what_cannot_be_undone(people, page, live_server):
    login(page, live_server.url, "operator")
    page.get_by_label("诉求内容").fill("还没说完的电话")
    expect(page.locator("#saved")).to_contain_text("自动保存", timeout=5000)
    page.get_by_role("link", name="新登记").click()
    page.get_by_role("button", name="作废").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("不能恢复")
    dialog.get_by_role("button", name="返回").click()
    assert Ticket.objects.get().state == "draft"
    page.get_by_role("button", name="作废").first.click()
    dialog.get_by_role("button", name="作废").click()
    expect(page.locator("main")).to_contain_text("草稿已作废")
    assert Ticket.objects.get().state == "discarded"


@pytest.mark.parametrize("width", [1440, 390])
def test_no_page_scrolls_sideways(people, page, live_server, dispatched, width):
    page.set_viewport_size({"width": width, "height": 844})
    for username, paths in {
        "operator": ["/desk/", "/work/", "/tickets/", f"/tickets/{dispatched.number}/"],
        "clerk": ["/queue/", "/notices/", f"/tickets/{dispatched.number}/"],
        "supervisor": ["/board/", "/messages/"],
    }.items():
        login(page, live_server.url, username)
        for path in [*paths, "/progress/"]:
            page.goto(live_server.url + path)
            wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wide <= 0, f"{path} is {wide} px too wide at {width}"
        page.goto(live_server.url + "/")
        logout(page)
