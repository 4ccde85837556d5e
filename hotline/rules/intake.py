"""Words of intake: how a request came, what kind it is, how it may leave for another platform."""

from enum import StrEnum


class Channel(StrEnum):
    PHONE = "phone"
    WEB = "web"
    WECHAT = "wechat"
    POLICE = "police"
    API = "api"


CHANNEL_NAMES: dict[Channel, str] = {
    Channel.PHONE: "电话",
    Channel.WEB: "网站",
    Channel.WECHAT: "微信",
    Channel.POLICE: "110 交办",
    Channel.API: "接口",
}


class RequestType(StrEnum):
    """青政办〔2021〕48号 三（一）: 咨询、求助、投诉、举报和意见建议."""

    INQUIRY = "inquiry"
    HELP = "help"
    COMPLAINT = "complaint"
    REPORT = "report"
    ADVICE = "advice"


REQUEST_TYPE_NAMES: dict[RequestType, str] = {
    RequestType.INQUIRY: "咨询",
    RequestType.HELP: "求助",
    RequestType.COMPLAINT: "投诉",
    RequestType.REPORT: "举报",
    RequestType.ADVICE: "建议",
}


class TransferWay(StrEnum):
    """The three ways across, 青政办〔2022〕88号 二 and 三（三）."""

    TRANSFER = "transfer"
    CONFERENCE = "conference"
    HANDOVER = "handover"


TRANSFER_WAY_NAMES: dict[TransferWay, str] = {
    TransferWay.TRANSFER: "一键转接",
    TransferWay.CONFERENCE: "三方通话",
    TransferWay.HANDOVER: "平台交办",
}

# 88号 三（四）2: 110 and the other emergency numbers that 12345 works with.
EMERGENCY_NUMBERS: tuple[str, ...] = ("110", "119", "120", "122")

MAX_CONTENT = 20_000  # characters of one request; a longer one belongs into an attachment
