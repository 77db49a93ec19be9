"""Codes and labels as people read them."""

import pytest

from praxis_report.domain.words import lowered, readable


@pytest.mark.parametrize(
    ("by", "name", "words"),
    [
        ("adjustment_reason", "denial_write_off", "Denial write off"),
        ("sex", "female", "Female"),
        ("payer_class", "self_pay", "Self-pay"),
        ("payer", "Blue Valley Health", "Blue Valley Health"),
        ("provider", "Dr. de la Cruz", "Dr. de la Cruz"),
        ("language", "en-US", "English (en-US)"),
        ("language", "xx", "xx"),
        ("carc", "16", "CARC 16"),
        ("procedure", "99213", "99213"),
    ],
)
def test_a_code_is_readable_and_a_name_is_left_alone(by: str, name: str, words: str) -> None:
    assert readable(by, name) == words


@pytest.mark.parametrize(
    ("label", "inside"),
    [
        ("Payer class", "payer class"),
        ("HbA1c below 8 %", "HbA1c below 8 %"),
        ("LDL cholesterol, mean change", "LDL cholesterol, mean change"),
        ("Provider rating, top box", "provider rating, top box"),
        ("No-show rate", "no-show rate"),
        ("Patients' balance", "patients' balance"),
    ],
)
def test_a_label_inside_a_sentence(label: str, inside: str) -> None:
    assert lowered(label) == inside
