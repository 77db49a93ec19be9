"""The page in a real browser, before the whole stack."""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
import re
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from conftest import RunningStack
from praxis_chassis import nkeys
from praxis_cli.live import SUBJECT, USER, envelope
from praxis_cli.stack.layout import Layout
from praxis_cli.stack.services import Stack
from praxis_report.domain.report_types import REPORT_TYPES

ZONE = "America/New_York"
# Money that people see within this time of its being published.
LIVE_S = 2.0
_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
_PHONE = {"width": 390, "height": 844}

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = os.environ.get("PRAXIS_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    assert found, "no Chromium here: install it, or name it in PRAXIS_CHROMIUM"
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=found, args=_FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def clinic(stack: RunningStack) -> str:
    """A practice in which some patients came today."""
    practice = stack.practice(zone=ZONE)
    for seed in range(12):
        visit(stack, practice, seed)
    with stack.client(practice) as client:
        deadline = time.monotonic() + 30
        while client.get("/practice").json()["revision"] < 12:
            assert time.monotonic() < deadline, "the visits never came"
            time.sleep(0.1)
    return practice


@pytest.fixture
def open_page(browser: Browser, stack: RunningStack) -> Iterator[OpenPage]:
    """Opens pages, each in a browser profile of its own; none may complain in its console."""
    contexts = []
    complaints: list[str] = []
    complain = complaints.append

    def make(path: str = "/", token: str = "", **options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}} | options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda told: complain(told.text) if told.type == "error" else None)
        page.on("pageerror", lambda error: complain(str(error)))
        page.goto(stack.url + path)
        if token:
            page.get_by_label("Access token").fill(token)
            page.get_by_role("button", name="Sign in").click()
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


def visit(stack: RunningStack, practice: str, seed: int) -> None:
    """Publishes one paid visit as the platform does."""

    async def publish() -> None:
        layout = Layout.existing(stack.directory)
        server = Stack(layout, layout.load().ports).nats
        client = await nkeys.connect(
            server.url, server.seed_file(USER), inbox_prefix=f"_INBOX_{USER}"
        )
        content = envelope(uuid.UUID(practice), ZONE, datetime.now(UTC), random.Random(seed))
        await client.jetstream(timeout=5).publish(SUBJECT, content)
        await client.close()

    # The browser's driver keeps a loop of its own in this thread.
    with ThreadPoolExecutor(1) as aside:
        aside.submit(asyncio.run, publish()).result()


def overview(client: httpx.Client, **range_: str) -> dict[str, Any]:
    """The answers of the overview's widgets, by widget."""
    dashboard = client.get("/dashboards/").json()["items"][0]["id"]
    data = client.get(f"/dashboards/{dashboard}/data", params=range_).json()
    return {one["widget_id"]: one["answer"] for one in data["widgets"]}


def values(answer: dict[str, Any]) -> dict[str, str]:
    """Metric → figure of an answer that is not split."""
    figures = [figure["value"] or "" for figure in answer["rows"][0]["figures"]]
    return dict(zip([metric["id"] for metric in answer["metrics"]], figures, strict=True))


def card(page: Page, metric: str) -> Any:
    """The figure of a metric on a card."""
    return page.locator(f'.figure-value[data-metric="{metric}"]')


def test_a_published_payment_changes_the_card_and_its_receipt_explains_it(
    stack: RunningStack, clinic: str, open_page: OpenPage
) -> None:
    with stack.client(clinic) as client:
        before = values(overview(client)["money"])["total_revenue"]
        page = open_page(token=stack.token(clinic))
        expect(card(page, "total_revenue")).to_have_attribute("data-value", before)
        expect(page.locator(".connection.live")).to_have_text("Live")
        visit(stack, clinic, 99)
        started = time.monotonic()
        revenue = card(page, "total_revenue")
        expect(revenue).not_to_have_attribute("data-value", before, timeout=10_000)
        assert time.monotonic() - started < LIVE_S
        expect(revenue).to_have_class(re.compile(r"\blit\b"))
        answers = overview(client)
        for widget in ("money", "appointments"):
            assert len(values(answers[widget])) == 2
            for metric, value in values(answers[widget]).items():
                expect(card(page, metric)).to_have_attribute("data-value", value)
        revenue.click()
        receipt = client.get(answers["money"]["receipt"].removeprefix("/api/v1")).json()
        figure = receipt["figures"][0]
        panel = page.get_by_role("dialog")
        expect(panel.locator(".receipt-value")).to_have_attribute(
            "data-value", figure["figure"]["value"]
        )
        expect(panel).to_contain_text(figure["metric"]["formula"])
        for component in figure["components"]:
            expect(panel).to_contain_text(component["description"])
            expect(panel).to_contain_text(f"{component['rows_counted']:,}")
        expect(panel).to_contain_text(receipt["receipt"])


def test_charts_and_tables_show_what_the_answers_say(
    stack: RunningStack, clinic: str, open_page: OpenPage
) -> None:
    page = open_page(token=stack.token(clinic))
    expect(page.locator(".chart svg")).to_have_count(3)
    page.get_by_role("button", name="Show as table: Revenue by month").click()
    with stack.client(clinic) as client:
        rows = overview(client)["revenue_by_month"]["rows"]
    table = page.get_by_role("group", name="Revenue by month")
    expect(table.locator("tbody tr")).to_have_count(len(rows))
    last = f"${float(rows[-1]['figures'][0]['value']):,.2f}"
    expect(table.locator("tbody tr").last).to_contain_text(last)
    assert page.get_by_role("img", name=re.compile("Payments by payer class")).count() == 1


def test_the_range_is_in_the_address_and_in_words(
    stack: RunningStack, clinic: str, open_page: OpenPage
) -> None:
    page = open_page(token=stack.token(clinic))
    expect(card(page, "total_appointments")).to_be_visible()
    page.keyboard.press("t")
    page.get_by_role("button", name="Last 7 days").click()
    page.keyboard.press("t")
    page.get_by_label("Same period last year").check()
    page.get_by_role("button", name="Apply").click()
    wanted = {"relative_range": "last_7_days", "compare_to": "same_period_last_year"}
    assert page.url.endswith("/?range=last_7_days&compare=same_period_last_year")
    with stack.client(clinic) as client:
        period = client.post("/reports/analytics/period", json=wanted).json()
        answer = overview(client, **wanted)["appointments"]
    for _ in range(2):
        value = values(answer)["total_appointments"]
        expect(card(page, "total_appointments")).to_have_attribute("data-value", value)
        words = page.locator(".range-words")
        for name in ("start_date", "end_date", "comparison_start_date", "comparison_end_date"):
            day = datetime.fromisoformat(period[name])
            expect(words).to_contain_text(f"{day.day}")
            expect(words).to_contain_text(f"{day.year}")
        page.reload()
    page.go_back()
    page.go_back()
    expect(page.locator(".range-name")).to_have_text("Own period of each widget")


def test_a_report_is_run_watched_and_downloaded(
    stack: RunningStack, clinic: str, open_page: OpenPage
) -> None:
    page = open_page("/reports", token=stack.token(clinic))
    expect(page.locator(".questions button")).to_have_count(len(REPORT_TYPES))
    page.get_by_role("button", name=REPORT_TYPES["claims"].question).click()
    assert page.url.endswith("/reports?type=claims")
    page.get_by_label("Range").select_option("month_to_date")
    page.get_by_label("Rows by").select_option("day")
    page.get_by_label("Format").select_option("csv")
    page.get_by_role("button", name="Run", exact=True).click()
    row = page.locator("tr.mine")
    expect(row.locator(".status")).to_have_text("Ready", timeout=60_000)
    with page.expect_download() as saved:
        row.get_by_role("button", name=re.compile("Download")).click()
    with stack.client(clinic) as client:
        execution = client.get(f"/reports/executions/{row.get_attribute('data-execution')}").json()
    content = Path(saved.value.path()).read_bytes()
    assert hashlib.sha256(content).hexdigest() == execution["sha256"]
    assert saved.value.suggested_filename == execution["file_name"]
    assert execution["report_type"] == "claims"
    assert execution["parameters"]["group_by"] == ["day"]
    toast = page.locator(".toast")
    expect(toast).to_contain_text("Claims: the file is ready")
    toast.get_by_role("button", name="Close").click()
    expect(toast).to_have_count(0)
    expect(page.locator("tbody tr")).to_have_count(1)
    row.get_by_role("button", name=re.compile("Run again")).click()
    expect(page.locator("tbody tr")).to_have_count(2)


def test_the_questions_are_those_that_the_reader_may_ask(
    stack: RunningStack, clinic: str, open_page: OpenPage
) -> None:
    with stack.client(clinic, "front_desk") as client:
        types = client.get("/reports/types").json()["items"]
    assert [one["report_type"] for one in types] == list(REPORT_TYPES)
    page = open_page("/reports", token=stack.token(clinic, "front_desk"))
    allowed = [one["description"] for one in types if one["is_allowed"]]
    assert 0 < len(allowed) < len(types)
    expect(page.locator(".questions strong")).to_have_text(allowed)


@pytest.mark.parametrize("source", ["figures", "sql"])
def test_a_custom_report_is_scheduled(
    stack: RunningStack, clinic: str, open_page: OpenPage, source: str
) -> None:
    page = open_page("/reports?type=custom", token=stack.token(clinic))
    name = f"Mine of {source}"
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Made of").select_option(source)
    if source == "sql":
        page.get_by_label("SELECT over").fill("select year, count(*) from visits group by 1")
    else:
        page.get_by_label("Figures", exact=True).select_option(label="Visits")
        page.get_by_label("Range", exact=True).select_option("year_to_date")
    page.get_by_role("button", name="Schedule this").click()
    page.get_by_label("Recipients").fill("owner@clinic.example")
    expect(page.locator(".sentence")).to_contain_text(name)
    expect(page.locator(".runs-ahead li")).to_have_count(5)
    page.get_by_role("button", name="Make this schedule").click()
    expect(page.get_by_role("dialog", name=f"Runs of Monthly: {name}")).to_be_visible()
    with stack.client(clinic) as client:
        found = client.get("/reports/schedules/", params={"report_type": "custom"}).json()["items"]
        (made,) = [one for one in found if one["name"] == f"Monthly: {name}"]
        report = client.get(f"/reports/{made['report_id']}").json()
    assert report["name"] == name
    assert bool(report["parameters"]["sql"]) == (source == "sql")
    given = made["report_parameters"] or {}
    assert given.get("relative_range") == ("year_to_date" if source == "figures" else None)


def test_a_sentence_makes_a_schedule(stack: RunningStack, clinic: str, open_page: OpenPage) -> None:
    page = open_page("/schedules?new=claims", token=stack.token(clinic))
    page.get_by_label("How often").select_option("weekly")
    page.get_by_label("Weekday").select_option(label="Friday")
    page.get_by_label("Recipients").fill("biller@clinic.example")
    ahead = page.locator(".runs-ahead li")
    expect(ahead).to_have_count(5)
    page.get_by_role("button", name="Make this schedule").click()
    expect(page.get_by_role("dialog", name="Runs of Weekly: Claims")).to_contain_text("Friday")
    with stack.client(clinic) as client:
        found = client.get("/reports/schedules/", params={"report_type": "claims"}).json()["items"]
    assert len(found) == 1
    made = found[0]
    assert (made["frequency"], made["day_of_week"], made["timezone"]) == ("weekly", 4, ZONE)
    assert made["report_parameters"]["relative_range"] == "previous_month"
    assert made["email_recipients"] == ["biller@clinic.example"]


def test_the_rows_behind_a_figure_add_up_to_it(
    stack: RunningStack, clinic: str, open_page: OpenPage
) -> None:
    with stack.client(clinic) as client:
        receipt = overview(client)["money"]["receipt"].removeprefix("/api/v1")
        behind = client.get(f"{receipt}/rows", params={"field": "total_revenue"}).json()
    page = open_page(token=stack.token(clinic))
    card(page, "total_revenue").click()
    page.get_by_role("button", name="See the rows").click()
    panel = page.get_by_role("dialog", name="Rows behind the figure")
    expect(panel.locator("tbody tr")).to_have_count(len(behind["rows"]))
    assert len(behind["rows"]) > 10
    total = sum(Decimal(row["amount"]) for row in behind["rows"])
    expect(panel.locator(".rows-total")).to_contain_text(f"${total:,.2f}")
    panel.get_by_role("button", name="Back to the explanation").click()
    expect(page.get_by_role("dialog")).to_contain_text("Where this figure comes from")


def test_work_lists_and_measures_are_the_api_s(
    stack: RunningStack, clinic: str, open_page: OpenPage
) -> None:
    with stack.client(clinic) as client:
        lists = client.get("/work-lists").json()["work_lists"]
        results = client.post("/measures/evaluate", json={}).json()["results"]
    page = open_page("/work-lists", token=stack.token(clinic))
    for one in lists:
        choice = page.locator(f'[data-list="{one["id"]}"]')
        expect(choice).to_contain_text(f"{one['items']:,} to do")
        choice.click()
        expect(page.get_by_role("heading", level=2)).to_have_text(one["title"])
        if one["items"]:
            expect(page.locator("tbody tr")).to_have_count(min(one["items"], 50))
        else:
            expect(page.get_by_text("Nothing to do here")).to_be_visible()
    page.get_by_role("link", name="Measures").click()
    rates = sum(len(one["groups"]) for one in results)
    assert rates > 5
    expect(page.locator("tbody tr")).to_have_count(rates)


def test_schedules_say_when_they_run_and_can_be_paused(
    stack: RunningStack, clinic: str, open_page: OpenPage
) -> None:
    wish = {
        "name": "Monthly revenue",
        "report_type": "revenue",
        "report_parameters": {"relative_range": "previous_month"},
        "frequency": "monthly",
        "day_of_month": 1,
        "time_of_day": "07:00",
        "email_recipients": ["owner@clinic.example"],
    }
    with stack.client(clinic) as client:
        schedule = client.post("/reports/schedules/", json=wish).json()
        page = open_page("/schedules", token=stack.token(clinic))
        row = page.locator(f'tr[data-schedule="{schedule["id"]}"]')
        expect(row).to_contain_text("07:00")
        expect(row).to_contain_text("7:00 AM")
        expect(row).to_contain_text("owner@clinic.example")
        expect(row).to_contain_text("has not run yet")
        row.get_by_role("button", name="Pause").click()
        expect(row).to_contain_text("Paused")
        found = client.get(f"/reports/schedules/{schedule['id']}").json()
        assert found["status"] == "paused"


def test_everything_is_reached_by_keyboard(
    stack: RunningStack, clinic: str, open_page: OpenPage
) -> None:
    page = open_page(token=stack.token(clinic))
    revenue = card(page, "total_revenue")
    expect(revenue).to_be_visible()
    for _ in range(30):
        page.keyboard.press("Tab")
        if revenue.evaluate("one => one === document.activeElement"):
            break
    expect(revenue).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(revenue).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    for key, heading in (("r", "Reports"), ("w", "Work lists"), ("o", "Overview")):
        page.keyboard.press("g")
        page.keyboard.press(key)
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def test_a_lost_connection_says_so_and_heals(
    stack: RunningStack, clinic: str, open_page: OpenPage
) -> None:
    page = open_page()
    lines: list[Any] = []

    def through(line: Any) -> None:
        line.connect_to_server()
        lines.append(line)

    page.route_web_socket(re.compile("/live"), through)
    page.get_by_label("Access token").fill(stack.token(clinic))
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".connection.live")).to_be_visible()
    lines[0].close(code=1011)
    expect(page.locator(".connection")).to_contain_text("Connection lost")
    expect(page.locator(".connection.live")).to_be_visible()
    assert len(lines) == 2


def test_who_may_not_see_money_sees_the_rest(
    stack: RunningStack, clinic: str, open_page: OpenPage
) -> None:
    page = open_page(token=stack.token(clinic, role="front_desk"))
    expect(card(page, "total_appointments")).to_be_visible()
    expect(page.locator(".widget").first).to_contain_text("You may not see this")
    assert card(page, "total_revenue").count() == 0


def test_a_session_stays_in_its_tab_and_ends(
    stack: RunningStack, clinic: str, open_page: OpenPage
) -> None:
    page = open_page()
    token = page.get_by_label("Access token")
    token.fill("three.part.nonsense")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("not an access token")
    page.clock.install()
    token.fill(stack.token(clinic))
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".practice strong")).to_have_text("Clinic")
    assert "eyJ" not in page.url
    assert page.evaluate("Object.values(localStorage).join()") == ""
    page.clock.fast_forward("13:00:00")
    expect(page.get_by_text("Your session has expired")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0


@pytest.mark.parametrize("path", ["/", "/reports", "/schedules", "/work-lists", "/measures"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_view_fits_a_phone_and_its_words_can_be_read(
    stack: RunningStack, clinic: str, open_page: OpenPage, path: str, scheme: str
) -> None:
    page = open_page(path, stack.token(clinic), viewport=_PHONE, color_scheme=scheme)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".skeleton")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= _PHONE["width"]
    faint = page.evaluate(_CONTRASTS)
    assert len(faint) > 5
    assert [one for one in faint if one["ratio"] < 4.5] == []


# Contrast of every text against the first opaque background behind it, as WCAG counts it.
_CONTRASTS = """() => {
  const parse = (text) => {
    const canvas = document.createElement("canvas").getContext("2d");
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b]
    .map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const color = parse(getComputedStyle(at).backgroundColor);
      if (color[3] === 255) return color;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll("body *")]
    .filter((one) => one.checkVisibility() && !one.closest("svg, .unseen, :disabled"))
    .filter((one) => [...one.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
    .map((one) => {
      const [a, b] = [light(parse(getComputedStyle(one).color)), light(behind(one))];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      return { text: one.textContent.slice(0, 40), ratio };
    });
}"""
