"""Ways in, one file each. To add one, copy a file and add its line to WAYS; the policy of a site says which it has."""

from captive_portal.ways import again, code, otp, reverse_otp, staff, tap, voucher
from captive_portal.ways.way import Hurdle, Outcome, Proved, Reception, Visitor, Wait, Way, Wrong

WAYS: dict[str, Way] = {
    "tap": tap,
    "voucher": voucher,
    "code": code,
    "staff": staff,
    "otp": otp,
    "reverse-otp": reverse_otp,
    "again": again,
}

__all__ = ["WAYS", "Hurdle", "Outcome", "Proved", "Reception", "Visitor", "Wait", "Way", "Wrong"]
