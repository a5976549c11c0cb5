"""A telephone number has one spelling, and none in a log."""

from __future__ import annotations

import pytest

from hotspot.phone_number import PhoneNumber


@pytest.mark.parametrize(
    "text",
    [
        "081234567890",
        "0812-3456-7890",
        "6281234567890",
        "+62 812 3456 7890",
        "0062 812.3456.7890",
        "81234567890",
        " (0812) 3456/7890 ",
    ],
)
def test_every_usual_spelling_is_one_number(text: str) -> None:
    assert PhoneNumber.parse(text) == PhoneNumber("+6281234567890")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "112",
        "0275321001",
        "+62 21 345 6789",
        "08",
        "0812",
        "0812345678901234567",
        "abc",
        "+0812345678",
        "٠٨١٢٣٤٥٦٧٨٩٠",
    ],
)
def test_what_is_no_mobile_number_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a telephone number|not the number of a mobile phone") as refused:
        PhoneNumber.parse(text)
    assert len(text) < 5 or text not in str(refused.value)


def test_a_number_of_another_country_is_read_and_its_range_can_be_refused() -> None:
    number = PhoneNumber.parse("+60 12-345 6789")
    assert number.digits == "60123456789"
    assert not number.is_in(["+628"])
    assert number.is_in(["+628", "+60"])


def test_a_number_does_not_print_itself() -> None:
    number = PhoneNumber.parse("081234567890")
    assert f"{number} {number!r}" == "+628** +628**"
