"""A question in words on the command line, and the calls it says are equal."""

from __future__ import annotations

import json

from conftest import RunningStack
from tests.e2e.conftest import practice_on

TEXT = "total_charges, collection_rate by payer_class, year_to_date, top 3"


def test_words_are_answered_with_a_receipt_and_the_equal_call(stack: RunningStack) -> None:
    practice = practice_on(stack)
    done = stack.command("ask", TEXT, "--practice", practice.id)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    (receipt,) = [line.split()[-1] for line in lines if line.startswith("receipt ")]
    (rest,) = [line for line in lines if line.startswith("REST ")]
    body = json.loads(rest.split("-d '", 1)[1].removesuffix("'"))
    with practice.client() as client:
        asked = client.post("/reports/analytics/query", json=body)
        assert asked.status_code == 200, asked.text
        (answer,) = asked.json()["answers"]
        assert receipt.endswith(answer["receipt"])
        assert client.get(receipt).status_code == 200
        words = client.post("/reports/analytics/ask", json={"text": TEXT}).json()
        assert words["answer"] == answer
        catalogue = client.get("/reports/analytics/metrics").json()
    amounts = [row["figures"][0]["value"] for row in answer["rows"]]
    assert 0 < len(amounts) <= 3
    assert all(amount in done.stdout for amount in amounts)
    assert {metric["id"] for metric in answer["metrics"]} <= {
        metric["id"] for metric in catalogue["metrics"]
    }


def test_a_comparison_is_shown_beside_the_figure(stack: RunningStack) -> None:
    practice = practice_on(stack)
    text = "total_charges per month, year_to_date, vs same_period_last_year"
    with practice.client() as client:
        asked = client.post("/reports/analytics/ask", json={"text": text})
        answer = asked.json()["answer"]
    done = stack.command("ask", text, "--practice", practice.id)
    (figure, *_) = answer["rows"][0]["figures"]
    for shown in (figure["value"], figure["comparison_value"], answer["comparison_end_date"]):
        assert shown
        assert shown in done.stdout
    assert [row["bucket"] + "*" in done.stdout for row in answer["rows"]] == [
        row["partial"] for row in answer["rows"]
    ]


def test_words_obey_the_rules_of_the_call(stack: RunningStack) -> None:
    practice = practice_on(stack)
    for split in ("payer, provider, sex, weekday", "payer, payer"):
        with practice.client() as client:
            text = f"total_charges by {split}"
            refused = client.post("/reports/analytics/ask", json={"text": text})
        assert refused.status_code == 400
        (error,) = refused.json()["errors"]
        assert error["field"] == "text"
        assert "dimensions" in error["message"]


def test_words_that_are_no_question_end_with_one_line(stack: RunningStack) -> None:
    practice = stack.practice()
    done = stack.command("ask", "total_charges by payer_clas", "--practice", practice)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "character 18" in line
    assert "did you mean payer_class" in line
