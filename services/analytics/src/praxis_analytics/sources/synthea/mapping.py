"""Which function makes which facts of which table.

Tables are loaded in the order they stand in here: a table may look up what earlier ones loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from praxis_analytics.domain.facts import (
    CHARGE,
    CLAIM,
    CONDITION,
    COVERAGE,
    ENCOUNTER,
    IMMUNIZATION,
    LEDGER,
    LOCATION,
    MEDICATION,
    OBSERVATION,
    PATIENT,
    PAYER,
    PROCEDURE,
    PROVIDER,
    TASK,
    Kind,
)
from praxis_analytics.sources.context import Fact
from praxis_analytics.sources.synthea import mapping_claims, mapping_clinical, mapping_people
from praxis_analytics.sources.synthea.record import Record


@dataclass(frozen=True)
class Mapping:
    """What the rows of a table become. `key` are the columns that tell one row from another,
    `columns` those that a file may not lack."""

    to_facts: Callable[[Record], Iterator[Fact]]
    kinds: tuple[Kind, ...]
    key: tuple[str, ...]
    columns: tuple[str, ...] = ()


_ID = ("ID",)
_OF_VISIT = ("PATIENT", "ENCOUNTER", "CODE")

MAPPINGS: dict[str, Mapping] = {
    "organizations": Mapping(mapping_people.organization, (LOCATION,), _ID, ("NAME",)),
    "payers": Mapping(mapping_people.payer, (PAYER,), _ID, ("NAME",)),
    "providers": Mapping(mapping_people.provider, (PROVIDER,), _ID, ("NAME",)),
    "patients": Mapping(mapping_people.patient, (PATIENT,), _ID, ("BIRTHDATE", "GENDER")),
    "payer_transitions": Mapping(
        mapping_people.coverage, (COVERAGE,), ("PATIENT", "MEMBERID", "START_YEAR", "PAYER")
    ),
    "encounters": Mapping(
        mapping_people.encounter,
        (ENCOUNTER,),
        _ID,
        ("START", "PATIENT", "PAYER", "PROVIDER", "ENCOUNTERCLASS", "CODE"),
    ),
    "claims": Mapping(
        mapping_claims.claim,
        (CLAIM,),
        _ID,
        (
            "PATIENTID", "PROVIDERID", "APPOINTMENTID", "SERVICEDATE", "STATUS1", "STATUSP",
            "PRIMARYPATIENTINSURANCEID", "SECONDARYPATIENTINSURANCEID", "HEALTHCARECLAIMTYPEID1",
        ),
    ),
    "claims_transactions": Mapping(
        mapping_claims.transaction,
        (CHARGE, LEDGER),
        _ID,
        (
            "CLAIMID", "TYPE", "METHOD", "FROMDATE", "AMOUNT", "PAYMENTS", "ADJUSTMENTS",
            "TRANSFERS", "TRANSFERTYPE",
        ),
    ),
    "conditions": Mapping(
        mapping_clinical.condition, (CONDITION,), ("START", *_OF_VISIT), ("STOP",)
    ),
    "observations": Mapping(
        mapping_clinical.observation,
        (OBSERVATION, TASK),
        ("DATE", *_OF_VISIT),
        ("VALUE", "UNITS", "TYPE"),
    ),
    "procedures": Mapping(mapping_clinical.procedure, (PROCEDURE,), ("START", *_OF_VISIT)),
    # Two supplies of one drug may begin together, so that the end tells them apart.
    "medications": Mapping(
        mapping_clinical.medication, (MEDICATION,), ("START", "STOP", *_OF_VISIT)
    ),
    "immunizations": Mapping(
        mapping_clinical.immunization, (IMMUNIZATION,), ("DATE", *_OF_VISIT)
    ),
}  # fmt: skip

# Tables that are understood and make no fact.
MAKE_NO_FACT = frozenset({"allergies", "careplans", "devices", "imaging_studies", "supplies"})
TABLES = MAPPINGS.keys() | MAKE_NO_FACT
REQUIRED = {name: (*one.key, *one.columns) for name, one in MAPPINGS.items()}
# Files that an import cannot do without; those of money stand together or are all absent.
PEOPLE, MONEY = ("patients", "encounters"), ("payers", "claims", "claims_transactions")
# What the owner of a fact does not know: a claim's money stands in its transactions.
FILLED_BY_OTHERS: dict[Kind, tuple[str, ...]] = {CLAIM: ("billed", "paid")}
