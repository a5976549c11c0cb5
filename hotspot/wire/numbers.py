"""The numbers of RADIUS that this project speaks, by the names of their RFCs."""

from enum import IntEnum
from typing import Final


class Code(IntEnum):
    """Packet codes (RFC 2865 section 3, RFC 2866 section 3, RFC 5997 section 3, RFC 5176 section 2.3)."""

    ACCESS_REQUEST = 1
    ACCESS_ACCEPT = 2
    ACCESS_REJECT = 3
    ACCOUNTING_REQUEST = 4
    ACCOUNTING_RESPONSE = 5
    ACCESS_CHALLENGE = 11
    STATUS_SERVER = 12
    DISCONNECT_REQUEST = 40
    DISCONNECT_ACK = 41
    DISCONNECT_NAK = 42
    COA_REQUEST = 43
    COA_ACK = 44
    COA_NAK = 45


class Attr:
    """Attribute types (RFC 2865, 2866 and 2869; 80 is RFC 3579, 95 RFC 3162, 101 RFC 5176, 168 RFC 6911).

    Plain numbers: a member of an enumeration takes ten times as long to find, and a packet names forty.
    """

    USER_NAME: Final = 1
    USER_PASSWORD: Final = 2
    CHAP_PASSWORD: Final = 3
    NAS_IP_ADDRESS: Final = 4
    SERVICE_TYPE: Final = 6
    FRAMED_IP_ADDRESS: Final = 8
    REPLY_MESSAGE: Final = 18
    CLASS: Final = 25
    VENDOR_SPECIFIC: Final = 26
    SESSION_TIMEOUT: Final = 27
    IDLE_TIMEOUT: Final = 28
    CALLED_STATION_ID: Final = 30
    CALLING_STATION_ID: Final = 31
    NAS_IDENTIFIER: Final = 32
    PROXY_STATE: Final = 33
    ACCT_STATUS_TYPE: Final = 40
    ACCT_DELAY_TIME: Final = 41
    ACCT_INPUT_OCTETS: Final = 42
    ACCT_OUTPUT_OCTETS: Final = 43
    ACCT_SESSION_ID: Final = 44
    ACCT_AUTHENTIC: Final = 45
    ACCT_SESSION_TIME: Final = 46
    ACCT_INPUT_PACKETS: Final = 47
    ACCT_OUTPUT_PACKETS: Final = 48
    ACCT_TERMINATE_CAUSE: Final = 49
    ACCT_INPUT_GIGAWORDS: Final = 52
    ACCT_OUTPUT_GIGAWORDS: Final = 53
    EVENT_TIMESTAMP: Final = 55
    CHAP_CHALLENGE: Final = 60
    NAS_PORT_TYPE: Final = 61
    EAP_MESSAGE: Final = 79
    MESSAGE_AUTHENTICATOR: Final = 80
    ACCT_INTERIM_INTERVAL: Final = 85
    NAS_IPV6_ADDRESS: Final = 95
    ERROR_CAUSE: Final = 101
    FRAMED_IPV6_ADDRESS: Final = 168
