"""The measures over REST."""

from __future__ import annotations

from conftest import RunningStack


def test_measures_over_rest(stack: RunningStack) -> None:
    practice = stack.practice()
    with stack.client(practice) as owner:
        listed = owner.get("/measures").json()["measures"]
        assert len(listed) == 9
        body = {"measures": ["cms138_2025"], "period": {"relative_range": "previous_year"}}
        answer = owner.post("/measures/evaluate", json=body)
        assert answer.status_code == 200, answer.text
        (result,) = answer.json()["results"]
        assert [group["reason"] for group in result["groups"]] == ["no_source_data"] * 3
        assert result["groups"][0]["rate"] is None
        gaps = owner.get("/measures/cms125_2025/gaps?period_end=2024-06-30&page_size=5")
        assert gaps.status_code == 200, gaps.text
        assert (gaps.json()["patient_ids"], gaps.json()["next_page_token"]) == ([], None)
        for kind in ("summary", "subject-list"):
            report = owner.get(f"/measures/cms122_2025/report?type={kind}").json()
            assert (report["resourceType"], report["type"]) == ("MeasureReport", kind)
        unknown = owner.get("/measures/cms122_2025/report?type=individual")
        assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (400, "patient")
        assert owner.get("/measures/none/gaps").status_code == 404
    with stack.client(practice, "analyst") as analyst:
        assert analyst.get("/measures/cms122_2025/gaps").status_code == 403
        assert analyst.get("/measures/cms122_2025/report").status_code == 200
