"""What the synthetic clinic is made of: names, codes, fees and shares, as data only.

Amounts are whole US cents; the shares of a table add up to 1. Codes are SNOMED CT for visits,
conditions and services, and LOINC for measurements and panels.
"""

from typing import Final, NamedTuple


class Coding(NamedTuple):
    """A code with the words people read."""

    code: str
    display: str


class VisitKind(NamedTuple):
    """A visit type: its encounter class, usual length, base fee, and what people come for."""

    coding: Coding
    class_code: str
    minutes: int
    cents: int
    reason: str  # acute, chronic (acute for those who have nothing chronic) or none


class When(NamedTuple):
    """When something is done at a visit: the share of the visits that meet every condition."""

    share: float
    kinds: frozenset[VisitKind] | None = None  # None = all but telemedicine
    condition: Coding | None = None  # a chronic condition or the visit's reason
    min_age: int = 0
    max_age: int = 120
    sex: str | None = None
    months: frozenset[int] = frozenset(range(1, 13))


class Service(NamedTuple):
    """A further line of the claim."""

    code: str
    display: str
    cents: int
    when: When
    system: str = "http://snomed.info/sct"


class Measure(NamedTuple):
    """A measured number: `usual` from best to worst, `ill` instead for those with the condition."""

    code: str
    display: str
    unit: str
    digits: int
    usual: tuple[float, float]
    ill: tuple[float, float] | None = None


class Panel(NamedTuple):
    """Numbers measured together; a laboratory panel also is a claim line and a report."""

    code: str
    display: str
    when: When
    measures: tuple[Measure, ...]
    condition: Coding | None = None  # those who have it get the `ill` values
    cents: int = 0


class Chronic(NamedTuple):
    """A lasting condition with its share by age at registration: 0–17, 18–39, 40–64, 65+."""

    coding: Coding
    shares: tuple[float, float, float, float]


class Payer(NamedTuple):
    """What an insurer pays, in thousandths of the charge, and after how many days."""

    permille: int
    days: tuple[int, int]


class Provider(NamedTuple):
    """A clinician of the clinic; the NPI starts with 9, which no real one does."""

    family: str
    given: str
    sex: str
    credential: str
    specialty: Coding  # NUCC provider taxonomy
    npi: str


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


PROVIDERS: Final = (
    Provider(
        "Lanternby", "Miriam", "female", "MD",
        Coding("207Q00000X", "Family Medicine"), "9990000015",
    ),
    Provider(
        "Okonjo-Vale", "Samuel", "male", "MD",
        Coding("207R00000X", "Internal Medicine"), "9990000023",
    ),
    Provider(
        "Thistlewood", "Priya", "female", "MD",
        Coding("208000000X", "Pediatrics"), "9990000031",
    ),
    Provider(
        "Marrow", "Daniel", "male", "NP",
        Coding("363LF0000X", "Nurse Practitioner, Family"), "9990000049",
    ),
)  # fmt: skip
# Index into PROVIDERS: whom children and adults come to.
CHILD_PROVIDERS: Final = ((2, 0.80), (0, 0.12), (3, 0.08))
ADULT_PROVIDERS: Final = ((0, 0.35), (1, 0.34), (3, 0.31))

FAMILY_NAMES: Final = _words("""
    Applegarth Ashgrove Birchwell Bramblecote Brightwater Calderón-Fox Cinderfield Cloverdale
    Copperidge Dapplemere Dewhurst-Lake Driftwood Elderberry Emberson Fairweather Fernsby
    Foxglove Gallowglen Goldcrest Greenhollow Harbourne Hazelnight Honeycutt-Vo Inkwell Ivesdale
    Juniper Kestrelman Kingfisher Larkspur Limewood Lindqvist-Rao Marigold Meadowlark Millstone
    Moonfleet Mossbank Nettlefold Nightingale-Wu Núñez-Park Oakenshaw Orchardson Osprey Pebbleton
    Pennywhistle Plumtree Quillfeather Ravenscar Riverstone Rosewater Sandpiper Silverleaf
    Snowberry Starling Sunderbrook Tanglewood Umberfield Violetta Whistledown Willowmere Yarrow
""")
GIVEN_NAMES: Final = {
    "female": _words("""
        Ada Amara Beatriz Camille Carmen Chloé Dolores Eleni Esther Fatima Grace Hana Imani Ines
        Joy Keiko Linh Lucía Mabel Mei Nadia Noor Olive Paloma Rosa Ruth Sofia Tamar Uma Wanda
        Yara Zoë
    """),
    "male": _words("""
        Abel Andrés Arjun Bao Caleb Dario Diego Elijah Emeka Felix Gabriel Hiro Isaac Jamal José
        Kofi Leo Luca Mateo Milo Nikolai Omar Oscar Pavel Quentin Rafael Silas Tariq Theo Victor
        Walter Yusuf
    """),
}

SEXES: Final = (("female", 0.54), ("male", 0.46))
AGES: Final = (
    ((0, 5), 0.07), ((6, 17), 0.12), ((18, 29), 0.13), ((30, 39), 0.14), ((40, 49), 0.13),
    ((50, 64), 0.19), ((65, 74), 0.12), ((75, 84), 0.07), ((85, 93), 0.03),
)  # fmt: skip
AGE_BANDS: Final = (18, 40, 65)
VISITS_A_YEAR: Final = (4.0, 3.6, 4.4, 5.6)  # by age band, before the seasons thin them out
CHRONIC_VISITS_A_YEAR: Final = 1.2

RACES: Final = (
    (Coding("2106-3", "White"), 0.66),
    (Coding("2054-5", "Black or African American"), 0.15),
    (Coding("2028-9", "Asian"), 0.11),
    (Coding("2131-1", "Other Race"), 0.07),
    (Coding("1002-5", "American Indian or Alaska Native"), 0.01),
)
HISPANIC: Final = Coding("2135-2", "Hispanic or Latino")
NOT_HISPANIC: Final = Coding("2186-5", "Not Hispanic or Latino")
ETHNICITIES: Final = ((HISPANIC, 0.19), (NOT_HISPANIC, 0.81))
LANGUAGES: Final = (
    (Coding("en-US", "English"), 0.88),
    (Coding("zh", "Chinese"), 0.04),
    (Coding("pt", "Portuguese"), 0.04),
    (Coding("vi", "Vietnamese"), 0.02),
    (Coding("ht", "Haitian Creole"), 0.02),
)
HISPANIC_LANGUAGES: Final = ((Coding("es", "Spanish"), 0.45), (Coding("en-US", "English"), 0.55))
PLACES: Final = (
    (("Somerville", "02143"), 0.24), (("Somerville", "02145"), 0.17), (("Medford", "02155"), 0.20),
    (("Cambridge", "02139"), 0.14), (("Cambridge", "02140"), 0.09), (("Malden", "02148"), 0.10),
    (("Everett", "02149"), 0.06),
)  # fmt: skip

PAYERS: Final = {
    "private": Payer(576, (12, 40)),
    "medicare": Payer(384, (14, 20)),
    "medicaid": Payer(388, (20, 45)),
    "dual_eligible": Payer(418, (18, 40)),
}
SELF_PAY: Final = "no_insurance"
# By age band at the visit, so that people move to Medicare when they turn 65.
ADULT_PAYERS: Final = (("private", 0.68), ("medicaid", 0.24), (SELF_PAY, 0.08))
PAYERS_BY_AGE: Final = (
    (("private", 0.57), ("medicaid", 0.39), (SELF_PAY, 0.04)),
    ADULT_PAYERS,
    ADULT_PAYERS,
    (("medicare", 0.79), ("dual_eligible", 0.13), ("private", 0.07), (SELF_PAY, 0.01)),
)

NEW: Final = VisitKind(Coding("316744009", "Office visit"), "AMB", 20, 21000, "chronic")
CHECK_UP: Final = VisitKind(Coding("185349003", "Encounter for check up"), "AMB", 20, 13500, "none")
SYMPTOM: Final = VisitKind(Coding("185345009", "Encounter for symptom"), "AMB", 15, 12500, "acute")
PROBLEM: Final = VisitKind(Coding("185347001", "Encounter for problem"), "AMB", 20, 14500, "acute")
FOLLOW_UP: Final = VisitKind(Coding("390906007", "Follow-up encounter"), "AMB", 15, 9800, "chronic")
WELLNESS: Final = VisitKind(
    Coding("162673000", "General examination of patient"), "AMB", 20, 18500, "none"
)
TELEMEDICINE: Final = VisitKind(
    Coding("448337001", "Telemedicine consultation with patient"), "VR", 15, 9200, "chronic"
)
EMERGENCY: Final = VisitKind(
    Coding("50849002", "Emergency room admission"), "EMER", 20, 42000, "acute"
)
IN_PERSON: Final = frozenset({NEW, CHECK_UP, SYMPTOM, PROBLEM, FOLLOW_UP, WELLNESS, EMERGENCY})
PREVENTIVE: Final = frozenset({NEW, CHECK_UP, WELLNESS})

# The kind of a later visit, for people with and without a chronic condition.
CHRONIC_VISITS: Final = (
    (FOLLOW_UP, 0.38), (SYMPTOM, 0.17), (TELEMEDICINE, 0.15), (CHECK_UP, 0.11), (PROBLEM, 0.08),
    (WELLNESS, 0.10), (EMERGENCY, 0.01),
)  # fmt: skip
OTHER_VISITS: Final = (
    (SYMPTOM, 0.36), (CHECK_UP, 0.17), (WELLNESS, 0.16), (PROBLEM, 0.13), (TELEMEDICINE, 0.12),
    (FOLLOW_UP, 0.05), (EMERGENCY, 0.01),
)  # fmt: skip
# Effort of a visit, in per cent of its base fee.
EFFORTS: Final = ((80, 0.22), (100, 0.55), (140, 0.23))

DIABETES: Final = Coding("44054006", "Diabetes mellitus type 2")
HYPERTENSION: Final = Coding("59621000", "Essential hypertension")
OBESITY: Final = Coding("162864005", "Body mass index 30+ - obesity")
ASTHMA: Final = Coding("195967001", "Asthma")
LIPIDS: Final = Coding("55822004", "Hyperlipidemia")
DEPRESSION: Final = Coding("370143000", "Major depressive disorder")
CHRONIC: Final = (
    Chronic(HYPERTENSION, (0.00, 0.08, 0.34, 0.62)),
    Chronic(DIABETES, (0.00, 0.03, 0.14, 0.26)),
    Chronic(LIPIDS, (0.00, 0.05, 0.24, 0.42)),
    Chronic(OBESITY, (0.06, 0.18, 0.26, 0.22)),
    Chronic(ASTHMA, (0.12, 0.08, 0.07, 0.06)),
    Chronic(DEPRESSION, (0.02, 0.11, 0.10, 0.07)),
)
PHARYNGITIS: Final = Coding("195662009", "Acute viral pharyngitis")
ACUTE: Final = (
    (Coding("444814009", "Viral sinusitis"), 0.22), (PHARYNGITIS, 0.17),
    (Coding("10509002", "Acute bronchitis"), 0.15), (Coding("279039007", "Low back pain"), 0.15),
    (Coding("54150009", "Upper respiratory infection"), 0.12),
    (Coding("68566005", "Urinary tract infectious disease"), 0.08),
    (Coding("40275004", "Contact dermatitis"), 0.06), (Coding("44465007", "Sprain of ankle"), 0.05),
)  # fmt: skip
CHILD_ACUTE: Final = (
    (Coding("65363002", "Otitis media"), 0.34), (PHARYNGITIS, 0.26),
    (Coding("54150009", "Upper respiratory infection"), 0.25),
    (Coding("40275004", "Contact dermatitis"), 0.09), (Coding("44465007", "Sprain of ankle"), 0.06),
)  # fmt: skip

SMOKING: Final = (
    (Coding("266919005", "Never smoker"), 0.64),
    (Coding("8517006", "Former smoker"), 0.21),
    (Coding("449868002", "Current every day smoker"), 0.11),
    (Coding("428041000124106", "Current some day smoker"), 0.04),
)
SMOKING_STATUS: Final = Coding("72166-2", "Tobacco smoking status")
SMOKING_ASKED: Final = When(0.9, kinds=PREVENTIVE, min_age=12)

SERVICES: Final = (
    Service("428191000124101", "Documentation of current medications", 3175, When(0.22)),
    Service("171207006", "Depression screening", 4450, When(0.45, kinds=PREVENTIVE, min_age=12)),
    Service(
        "29303009", "Electrocardiographic procedure", 8825,
        When(0.25, kinds=PREVENTIVE, min_age=50),
    ),
    Service("127783003", "Spirometry", 11860, When(0.22, condition=ASTHMA)),
    Service("117015009", "Throat culture", 3640, When(0.5, condition=PHARYNGITIS)),
    Service(
        "140", "Influenza, seasonal, injectable, preservative free", 4195,
        When(0.34, months=frozenset({9, 10, 11, 12})), system="http://hl7.org/fhir/sid/cvx",
    ),
)  # fmt: skip

VITALS: Final = (
    Panel(
        "85354-9", "Blood pressure panel", When(0.9, min_age=12),
        (
            Measure("8480-6", "Systolic blood pressure", "mm[Hg]", 0, (102, 136), (118, 158)),
            Measure("8462-4", "Diastolic blood pressure", "mm[Hg]", 0, (64, 86), (70, 98)),
        ),
        HYPERTENSION,
    ),
    Panel(
        "39156-5", "Body mass index", When(0.75, min_age=12),
        (Measure("39156-5", "Body mass index", "kg/m2", 1, (18.4, 29.8), (30.2, 41.5)),),
        OBESITY,
    ),
)  # fmt: skip
LABS: Final = (
    Panel(
        "4548-4", "Hemoglobin A1c", When(0.55, condition=DIABETES),
        (Measure("4548-4", "Hemoglobin A1c", "%", 1, (5.0, 6.2), (5.9, 10.0)),),
        DIABETES, 4875,
    ),
    Panel(
        "57698-3", "Lipid panel", When(0.3, kinds=PREVENTIVE | {FOLLOW_UP}, min_age=35),
        (
            Measure("2093-3", "Cholesterol", "mg/dL", 0, (136, 226), (172, 274)),
            Measure("18262-6", "LDL cholesterol", "mg/dL", 0, (60, 144), (96, 184)),
            Measure("2085-9", "HDL cholesterol", "mg/dL", 0, (62, 44), (54, 38)),
            Measure("2571-8", "Triglycerides", "mg/dL", 0, (70, 190), (110, 260)),
        ),
        LIPIDS, 6240,
    ),
    Panel(
        "51990-0", "Basic metabolic panel",
        When(0.22, kinds=PREVENTIVE | {FOLLOW_UP}, min_age=18),
        (
            Measure("2339-0", "Glucose", "mg/dL", 0, (78, 108), (102, 228)),
            Measure("2160-0", "Creatinine", "mg/dL", 2, (0.64, 1.12), (0.72, 1.46)),
            Measure(
                "33914-3", "Estimated glomerular filtration rate", "mL/min/{1.73_m2}", 0,
                (112, 72), (102, 48),
            ),
        ),
        DIABETES, 5380,
    ),
    Panel(
        "14959-1", "Microalbumin/Creatinine ratio", When(0.25, condition=DIABETES),
        (Measure("14959-1", "Microalbumin/Creatinine ratio", "mg/g", 1, (4, 24), (6, 118)),),
        DIABETES, 3925,
    ),
)  # fmt: skip

# How busy the clinic is, month by month and from Monday, against its busiest.
SEASON: Final = (1.0, 0.98, 0.94, 0.88, 0.88, 0.82, 0.68, 0.76, 0.92, 1.0, 0.9, 0.72)
WEEKDAY: Final = (1.0, 0.97, 0.94, 0.95, 0.84, 0.55, 0.5)
FIXED_HOLIDAYS: Final = frozenset({(1, 1), (7, 4), (12, 25)})
CLAIM_LAG_DAYS: Final = ((0, 0.58), (1, 0.27), (2, 0.10), (4, 0.05))
