"""The first pass finds every bad file; reading streams what is wanted and tells what is wrong."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from praxis_analytics.sources.fhir import reading
from praxis_analytics.sources.fhir.reading import find, inspect, read
from praxis_analytics.sources.problems import BadFile

PATIENT = {"resourceType": "Patient", "id": "p1"}
ENCOUNTER = {
    "resourceType": "Encounter",
    "id": "e1",
    "status": "finished",
    "class": {"code": "AMB"},
}


def lines(*resources: object) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in resources)


def write(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path


def bundle(*resources: object) -> bytes:
    entries = [{"resource": one} for one in resources]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


@pytest.mark.parametrize("name", ["all.ndjson", "all.ndjson.gz", "ALL.NDJSON"])
def test_ndjson_is_read_by_wanted_type(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(lines(PATIENT, ENCOUNTER) if not name.endswith("gz") else b"")
    if name.endswith("gz"):
        write(tmp_path, name, lines(PATIENT, ENCOUNTER))
    file = inspect(path)
    assert file.types == {"Patient": 1, "Encounter": 1}
    (line,) = read(file, frozenset({"Encounter"}))
    assert (line.kind, line.number, line.resource) == ("Encounter", 2, ENCOUNTER)
    assert list(read(file, frozenset({"Claim"}))) == []


@pytest.mark.parametrize("name", ["b.json", "b.json.gz"])
def test_bundles_and_single_resources(tmp_path: Path, name: str) -> None:
    file = inspect(write(tmp_path, name, bundle(PATIENT, ENCOUNTER)))
    assert [line.resource for line in read(file, frozenset({"Patient"}))] == [PATIENT]
    single = inspect(write(tmp_path, "one-" + name, json.dumps(PATIENT, indent=1).encode()))
    assert [line.resource for line in read(single, frozenset({"Patient"}))] == [PATIENT]


def test_a_last_line_without_newline_blank_lines_and_a_mark_of_utf8(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + lines(PATIENT) + b"\r\n\n" + lines(ENCOUNTER).rstrip()
    file = inspect(write(tmp_path, "a.ndjson", content))
    found = list(read(file, frozenset({"Patient", "Encounter"})))
    assert [(line.kind, line.number) for line in found] == [("Patient", 1), ("Encounter", 4)]
    assert file.rejected == 0


def test_a_long_line_across_blocks_is_one_line(tmp_path: Path) -> None:
    long = {**PATIENT, "text": {"div": "x" * (3 * 1024**2)}}
    file = inspect(write(tmp_path, "a.ndjson", lines(long, PATIENT)))
    assert [line.number for line in read(file, frozenset({"Patient"}))] == [1, 2]


def test_bad_lines_are_told_once_each(tmp_path: Path) -> None:
    good = lines(PATIENT)
    bad = b'{"resourceType":"Patient","id":\n' + b"[1]\n" + b"oops\n" + b'{"id":"x"}\n'
    file = inspect(write(tmp_path, "a.ndjson", good + bad + b'{"resourceType":"Nonsense"}\n'))
    assert [(r.line, r.reason) for r in file.rejections] == [
        (3, "is no JSON object"),
        (4, "is not valid JSON"),
        (5, "has no resourceType of FHIR R4"),
        (6, "has no resourceType of FHIR R4"),
    ]
    found = list(read(file, frozenset({"Patient"})))
    assert [(line.number, line.problem) for line in found] == [(1, ""), (2, "is not valid JSON")]


def test_names_that_only_the_bundle_knows_are_resolved(tmp_path: Path) -> None:
    inner = {**ENCOUNTER, "subject": {"reference": "urn:uuid:aaaa"}}
    document = {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            {"fullUrl": "urn:uuid:aaaa", "resource": PATIENT},
            {"fullUrl": "urn:uuid:bbbb", "resource": {"resourceType": "Claim"}},
            {"resource": inner},
            {"request": {"method": "DELETE", "url": "Patient/7"}},
        ],
    }
    file = inspect(write(tmp_path, "t.json", json.dumps(document).encode()))
    assert [(r.line, r.reason) for r in file.rejections] == [(4, "is an entry without a resource")]
    found = {line.kind: line.resource for line in read(file, frozenset({"Claim", "Encounter"}))}
    assert found["Encounter"] is not None and found["Claim"] is not None
    assert found["Encounter"]["subject"] == {"reference": "Patient/p1"}
    assert found["Claim"]["id"] == "bbbb"


def truncated(folder: Path) -> Path:
    path = write(folder, "Patient.ndjson.gz", lines(*[PATIENT] * 5000))
    path.write_bytes(path.read_bytes()[:-20])
    return path


def damaged(folder: Path) -> Path:
    path = write(
        folder, "Patient.ndjson.gz", lines(*({**PATIENT, "id": str(i)} for i in range(999)))
    )
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    return path


def made(name: str, content: bytes) -> Callable[[Path], Path]:
    return lambda folder: write(folder, name, content)


def renamed(name: str, content: bytes, to: str) -> Callable[[Path], Path]:
    return lambda folder: write(folder, name, content).rename(folder / to)


LONG = b'{"resourceType":"Patient","x":"' + b"x" * 10_000_000 + b'"}\n'
OF_STU3 = {"resourceType": "Observation", "id": "o", "context": {"reference": "Encounter/1"}}
OF_DSTU2 = {"resourceType": "Encounter", "class": "inpatient"}
OF_R5 = {"resourceType": "Encounter", "class": [{}]}
STU3_CLAIM = {"resourceType": "Claim", "item": [{"service": {}}]}
R5_PROFILE = "http://hl7.org/fhir/5.0/StructureDefinition/Patient"
DECLARED = {"resourceType": "CapabilityStatement", "fhirVersion": "3.0.1"}
PATIENTS = lines(PATIENT, PATIENT)

# What makes the file, the line that is named, words of the message.
BAD: dict[str, tuple[Callable[[Path], Path], int | None, str]] = {
    "truncated gzip": (truncated, None, "cannot be read to its end"),
    "damaged gzip": (damaged, None, "cannot be read to its end"),
    "not gzip": (renamed("a.ndjson", PATIENTS, "a.ndjson.gz"), None, "is not gzip"),
    "gzip in disguise": (renamed("a.ndjson.gz", PATIENTS, "a.ndjson"), None, "not named .gz"),
    "binary": (made("a.ndjson", PATIENTS + b"\x89PNG\0\0\n"), 3, "is binary"),
    "binary document": (made("a.json", b"PK\3\4\0\0"), None, "is binary"),
    "empty": (made("a.ndjson", b"\n \n"), None, "is empty"),
    "empty bundle": (made("a.json", bundle()), None, "is empty"),
    "empty gzip document": (made("a.json.gz", b""), None, "is empty"),
    "not FHIR": (made("a.ndjson", b"a,b\n1,2\n"), None, "no FHIR resource"),
    "other JSON": (made("a.json", b'{"output": []}'), None, "no FHIR resource"),
    "long line": (made("a.ndjson", PATIENTS + LONG + PATIENTS), 3, "longer than 8 MiB"),
    "long last line": (made("a.ndjson", PATIENTS + LONG[:-3]), 3, "longer than 8 MiB"),
    "broken document": (made("a.json", b'{\n"resourceType": "Patient",\n'), 3, "JSON"),
    "lines in a document": (made("a.json", PATIENTS), 2, "named .ndjson"),
    "name that lies": (made("1.Patient.ndjson", lines(ENCOUNTER)), None, "but holds Encounter"),
    "STU3 by element": (made("a.ndjson", lines(PATIENT, OF_STU3)), 2, "FHIR STU3"),
    "DSTU2 by element": (made("a.ndjson", lines(OF_DSTU2)), 1, "FHIR DSTU2"),
    "R5 by element": (made("a.json", bundle(OF_R5)), 1, "FHIR R5"),
    "STU3 by type": (made("a.json", bundle({"resourceType": "ReferralRequest"})), 1, "FHIR STU3"),
    "STU3 by claim line": (made("a.ndjson", lines(STU3_CLAIM)), 1, "FHIR STU3"),
    "R5 by profile": (
        made("a.ndjson", lines({**PATIENT, "meta": {"profile": [R5_PROFILE]}})),
        1,
        "FHIR R5",
    ),
    "STU3 by declaration": (made("a.json", json.dumps(DECLARED).encode()), 1, "FHIR STU3"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_named_with_its_line(tmp_path: Path, case: str) -> None:
    make, line, words = BAD[case]
    path = make(tmp_path)
    with pytest.raises(BadFile) as caught:
        inspect(path)
    assert caught.value.line == line
    assert words in str(caught.value)
    assert str(caught.value).startswith(path.name)
    assert caught.value.exit_code == 2


def test_a_large_bundle_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BUNDLE_MOST", 1000)
    with pytest.raises(BadFile, match="64 MiB"):
        inspect(write(tmp_path, "a.json", bundle(*[PATIENT] * 100)))


def test_a_profile_of_another_guide_says_nothing_about_the_version(tmp_path: Path) -> None:
    us_core = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient|5.0.1"
    inspect(write(tmp_path, "a.ndjson", lines({**PATIENT, "meta": {"profile": [us_core]}})))


def test_a_folder_is_read_without_sub_folders_and_other_files(tmp_path: Path) -> None:
    write(tmp_path, "Patient.ndjson", lines(PATIENT))
    write(tmp_path, "README.md", b"words")
    (tmp_path / "more").mkdir()
    write(tmp_path / "more", "Patient.ndjson", lines(PATIENT))
    taken, skipped = find(tmp_path)
    assert [file.name for file in taken] == ["Patient.ndjson"]
    assert skipped == ["README.md"]
    with pytest.raises(BadFile, match="nothing to import"):
        find(tmp_path / "more" / "absent.ndjson")
