"""Message providers, one file each. To add one, copy a file and add its line to DRIVERS."""

from hotspot.senders import fonnte, oca, plain_http, twilio_verify, whatsapp_cloud, zenziva
from hotspot.senders.driver import Account, Driver, Failure, Hook, Letter, Listener, Message, Outcome, Receipt, Trouble

DRIVERS: dict[str, Driver] = {
    "whatsapp-cloud": whatsapp_cloud,
    "oca": oca,
    "zenziva": zenziva,
    "fonnte": fonnte,
    "twilio-verify": twilio_verify,
    "plain-http": plain_http,
}

# Those whose providers pass on what visitors write.
LISTENERS: dict[str, Listener] = {
    "whatsapp-cloud": whatsapp_cloud,
    "fonnte": fonnte,
    "twilio-verify": twilio_verify,
    "plain-http": plain_http,
}

__all__ = [
    "DRIVERS",
    "LISTENERS",
    "Account",
    "Driver",
    "Failure",
    "Hook",
    "Letter",
    "Message",
    "Outcome",
    "Receipt",
    "Trouble",
]
