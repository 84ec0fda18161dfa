"""The cards and contracts of the sources: what RULES 8.10 says of them, and what they refuse."""

import importlib
import re
import string
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
import pytest

from schemas.rejections.catalogue import RULES
from schemas.rejections.rule import PLACEHOLDERS, Consequence
from schemas.source import Cadence, FieldType, Kind, Layout, Scope
from schemas.sources import sources
from tests.listing import listed
from transforms.files import validate
from transforms.files.columns import joined, parse_columns
from transforms.files.conform import Names, agency_aliases, code_aliases, conform_columns
from transforms.files.headings import normalised_heading

ROOT = Path(__file__).parents[2]
STAGING = "\n".join(
    path.read_text(encoding="utf-8")
    for path in listed(ROOT / "sql" / "migrations", "*.sql", at_least=12)
)
CODES = sorted(sources())

Q, Y, M = Cadence.QUARTERLY, Cadence.YEARLY, Cadence.MONTHLY
# Kind, cadence and due days (RULES 8.10), key, scope.
CARDS = {
    "survey_answer": (Kind.EVENTS, Q, 15, (), None),
    "system_usage": (Kind.EVENTS, Q, 15, ("system",), None),
    "ikpa": (Kind.EXACT, M, 15, ("satker",), Scope.SATKER),
    "technical_regulation": (Kind.REGISTER, Q, 15, ("proposal_no",), None),
    "oversight_recommendation": (
        Kind.REGISTER, Q, 15, ("recommendation_no",), Scope.AGENCY_OR_CENTRAL,
    ),
    "audit_finding": (
        Kind.REGISTER, Q, 15,
        ("issuer", "report_no", "finding_no", "recommendation_no", "work_unit"), None,
    ),
    "siasn_integration": (Kind.SNAPSHOT, Q, 15, ("agency", "mode"), Scope.AGENCY),
    "digital_service": (Kind.SNAPSHOT, Q, 15, ("service",), None),
    "agency_ip_asn": (Kind.SNAPSHOT, Q, 365, ("agency",), Scope.AGENCY),
    "office_employee": (Kind.SNAPSHOT, Y, 365, ("employee",), Scope.ACTIVE_STAFF),
    "agency_nspk": (Kind.SNAPSHOT, Y, 365, ("agency",), Scope.AGENCY),
    "reform_index": (Kind.SNAPSHOT, Y, 365, ("letter_no",), None),
    "sakip_score": (Kind.SNAPSHOT, Y, 180, ("letter_no",), None),
    "published_actual": (Kind.EXACT, Q, None, ("iku", "document"), None),
}  # fmt: skip
TEXT = str(pa.Column(str).dtype)  # pandera's name for `str`
NOT_IN_CONTRACT = {"load_id", "sheet", "row_no"}
DTYPES = {
    FieldType.INTEGER: "Int64",
    FieldType.ANSWER: "Int64",
    FieldType.DECIMAL: "object",
    FieldType.MONEY: "object",
    FieldType.DATE: "datetime64[ns]",  # pandera's name for every resolution
}
STAGED = {"Int64": {"smallint", "integer"}, "object": {"numeric"}, "datetime64[ns]": {"date"}}


def test_every_file_is_a_source():
    files = {path.stem for path in listed(ROOT / "schemas" / "sources", "[a-z]*.py", at_least=14)}
    assert set(CARDS) <= files == set(sources())


def test_a_module_without_its_card_is_told_by_name(monkeypatch):
    module = importlib.import_module("schemas.sources.ikpa")
    monkeypatch.setattr(module, "CARD", None)
    with pytest.raises(ValueError, match=r"schemas\.sources\.ikpa needs a CARD"):
        sources.__wrapped__()


@pytest.mark.parametrize("code", CARDS)
def test_the_card_is_as_designed(code):
    card = sources()[code]
    assert (card.kind, card.cadence, card.due_days, card.key, card.scope) == CARDS[code]
    assert card.tolerated == (Fraction(5, 100) if code == "survey_answer" else 0)
    assert card.has_parts == card.is_streamed == (code == "survey_answer")
    assert card.one_row == (code in {"reform_index", "sakip_score"})
    assert (card.layout is Layout.OMSPAN) == (code == "ikpa")
    names = {column.name for column in card.columns}
    assert {*card.key, *card.last_of} <= names
    assert {card.grouping, card.date_in_period} - {None} <= names
    if card.grouping:
        assert not card.column(card.grouping).personal


@pytest.mark.parametrize("code", CODES)
def test_headings_mean_one_column(code):
    card = sources()[code]
    headings = [
        normalised_heading(heading)
        for column in card.columns
        for heading in dict.fromkeys(map(normalised_heading, column.headings))
    ]
    assert len(headings) == len(set(headings))
    others = (*card.ignored_headings, *card.year_headings, *card.satker_headings)
    assert not set(headings) & set(map(normalised_heading, others))


@pytest.mark.parametrize("code", CODES)
def test_choices_are_written_as_they_are_compared(code):
    card = sources()[code]
    for column in card.columns:
        assert (column.type is FieldType.CHOICE) == bool(column.choices)
        assert [" ".join(word.split()).upper() for word in column.choices] == list(column.choices)


def test_printed_forms_that_swap_the_last_two_elements_are_read_by_their_text():
    columns = {
        normalised_heading(heading): column.name
        for column in sources()["survey_answer"].columns
        for heading in column.headings
    }
    for heading, name in {
        "U8 Sarana": "u9",
        "U9. Penanganan Pengaduan": "u8",
        "U8 Penanganan pengaduan, saran, dan masukan": "u8",
        "Sarana dan prasarana": "u9",
        "U8": "u8",
        "U1": "u1",
        "U1 Persyaratan": "u1",
        "Sistem, mekanisme, dan prosedur": "u2",
    }.items():
        assert columns[normalised_heading(heading)] == name


def test_what_tells_a_person_is_personal_and_no_name_or_phone_is_a_column():
    for card in sources().values():
        for column in card.columns:
            assert column.personal or column.type is not FieldType.PSEUDONYM
            assert column.name not in {"nip", "name", "phone", "email", "employee_name"}
    survey = sources()["survey_answer"]
    about = {"age", "sex", "education", "occupation", "origin", "respondent"}
    assert {column.name for column in survey.columns if column.personal} == about


def staged(code):
    """Return the columns of a staging table: name -> (type, is required)."""
    body = re.search(rf"CREATE TABLE staging\.{code} \((.*?)\n\);", STAGING, re.DOTALL)[1]
    found = re.findall(r"^    ([a-z]\w*) (\w+)( NOT NULL)?", body, re.MULTILINE)
    return {
        name: (type_, bool(required))
        for name, type_, required in found
        if name not in NOT_IN_CONTRACT
    }


@pytest.mark.parametrize("code", CODES)
def test_card_contract_and_staging_have_the_same_columns(code):
    card = sources()[code]
    schema = card.contract.to_schema()
    assert [column.name for column in card.columns] == list(schema.columns) == list(staged(code))
    for column in card.columns:
        type_, required = staged(code)[column.name]
        in_contract = schema.columns[column.name]
        dtype = DTYPES.get(column.type, TEXT)
        assert str(in_contract.dtype) == dtype
        if column.type is FieldType.CHOICE:
            assert type_ in {"text", "smallint", "boolean"}
        else:
            assert type_ in STAGED.get(dtype, {"text"})
        if (code, column.name) != ("agency_nspk", "letter"):  # its rules say why it is empty
            assert in_contract.nullable != required
        if not column.required:
            assert in_contract.nullable


@pytest.mark.parametrize("code", CODES)
def test_the_contract_states_and_does_not_repair(code):
    card = sources()[code]
    schema = card.contract.to_schema()
    assert schema.strict is True
    assert not schema.coerce
    assert not any(column.coerce for column in schema.columns.values())
    assert tuple(schema.unique or ()) == card.key
    assert re.match(r"One row per [^.]+\.", card.contract.__doc__)


@pytest.mark.parametrize("code", CODES)
def test_the_contract_takes_every_choice(code):
    card = sources()[code]
    for column in card.columns:
        for check in card.contract.to_schema().columns[column.name].checks:
            if check.name == "isin" and column.choices:
                assert set(check.statistics["allowed_values"]) == set(column.choices.values())


def rules_of_contracts():
    for card in sources().values():
        schema = card.contract.to_schema()
        checks = [
            *schema.checks,
            *(each for column in schema.columns.values() for each in column.checks),
        ]
        for check in checks:
            error = str(check.error).split("(")[0]
            yield validate._RULE_OF_CHECK.get(error, error)


def rules_of_code():
    """Return the rule codes written in the modules that refuse."""
    for module in listed(ROOT / "transforms" / "files", "*.py", at_least=10):
        text = module.read_text(encoding="utf-8")
        yield from re.findall(r'Unreadable\("(\w+)"', text)
        yield from re.findall(r'\(\(?"([a-z_]+)", \{', text)
        yield from re.findall(r'"([a-z_]+_tidak_dikenal|\w+_berbeda|bukan_\w+)"', text)


def test_every_rule_is_in_the_catalogue():
    used = {*rules_of_contracts(), *validate._RULE_OF_CHECK.values(), *rules_of_code()}
    assert len(used) > 40
    assert used <= set(RULES)


@pytest.mark.parametrize("code", RULES)
def test_a_rule_says_what_and_what_to_do(code):
    rule = RULES[code]
    facts = {name: f"<{name}>" for name in PLACEHOLDERS}
    for text in (rule.message, rule.hint):
        assert text[0].isupper() or text[0] in "“{"
        assert text.endswith(".")
        assert "  " not in text
        fields = {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}
        assert fields <= set(PLACEHOLDERS)
        if rule.consequence is not Consequence.FILE:
            assert fields <= {"kolom", "nilai", "aturan", "baris"}
        assert "{" not in text.format(**facts)
    assert re.fullmatch(r"[a-z_]+", code)


def test_only_what_counts_anyway_warns():
    warnings = [code for code, rule in RULES.items() if rule.consequence is Consequence.WARNING]
    assert sorted(warnings) == [
        "baris_satker_lain",
        "jumlah_dimensi_berbeda",
        "kolom_tidak_dibaca",
        "lembar_tidak_dibaca",
        "nilai_diberikan",
        "rumus_dibaca_nilai",
        "susut_dipastikan",
    ]


NAMES = Names(
    agencies=agency_aliases(
        [
            {"agency": "12.06", "type": "kabupaten", "name": "Kabupaten Karo"},
            {"agency": "12.71", "type": "kota", "name": "Kota Medan"},
        ],
        [],
    ),
    services=code_aliases([{"code": "L05", "name": "Kartu Istri", "aliases": "Karis"}]),
    systems=code_aliases([{"code": "S03", "name": "e-Kinerja", "aliases": ""}]),
    survey_services=code_aliases([{"code": "SV09", "name": "Konsultasi", "aliases": "KEDAN"}]),
    units=code_aliases([{"code": "TU", "name": "Bagian Tata Usaha", "aliases": ""}]),
    ikus=frozenset({"IKU.7"}),
)
ANSWERS = {f"u{number}": "4" for number in range(1, 10)}
# A good row of each source, as it stands in a file.
GOOD = {
    "survey_answer": {
        "service": "Konsultasi", "unit": "Bagian Tata Usaha", "answered_on": "5 Januari 2024",
        **ANSWERS, "age": "35", "sex": "Laki-laki", "education": "S1", "occupation": "PNS",
        "origin": "Kab. Karo", "respondent": "R-1",
    },
    "system_usage": {"system": "E-KINERJA", "utilisation": "0,5", "evidence": "-"},
    "technical_regulation": {
        "proposal_no": "US/01", "title": "Pedoman", "proposed_date": "05/01/2024",
        "status": "Ditetapkan", "decided_date": "01/02/2024",
    },
    "oversight_recommendation": {
        "recommendation_no": "R/1", "issued_date": "05/01/2024", "agency": "Kota Medan",
        "topic": "Mutasi", "answer_due_date": "05/03/2024", "status": "SS",
        "status_date": "01/02/2024", "evidence": "",
    },
    "audit_finding": {
        "issuer": "BPK RI", "report_no": "LHP/1", "finding_no": "1", "recommendation_no": "1",
        "work_unit": "TU", "issued_date": "05/01/2024", "status": "4", "status_date": "05/01/2024",
    },
    "siasn_integration": {
        "agency": "Kabupaten Karo", "mode": "Web Service", "start_date": "2020-01-05",
        "end_date": "", "evidence": "",
    },
    "digital_service": {
        "service": "Karis", "is_digital": "Ya", "is_digital_siasn": "TRUE", "channel": "SIASN",
    },
    "agency_ip_asn": {
        "agency": "12.71", "status": "Selesai", "score": "78,25", "result_date": "08/10/2024",
    },
    "office_employee": {
        "employee": "190101012001011001", "employee_group": "PNS", "position_status": "1",
        "qualification_score": "20", "competence_score": "30", "performance_score": "25",
        "discipline_score": "5", "total_score": "80", "scored_date": "14/03/2024",
    },
    "agency_nspk": {"agency": "Medan", "letter": "b", "score": "70,18", "instrument": "NSPK"},
    "reform_index": {
        "letter_no": "S/1", "letter_date": "25/02/2024", "score": "77,29", "category": "BB",
    },
    "sakip_score": {
        "letter_no": "LHE/1", "letter_date": "19/08/2024", "planning_score": "24,60",
        "measurement_score": "21,00", "reporting_score": "10,50", "evaluation_score": "12,40",
        "total_score": "68,50", "predicate": "B",
    },
    "published_actual": {
        "iku": "IKU 7", "document": "LKj 2023", "document_date": "31/01/2024",
        "actual": "91,67%", "page": "12",
    },
}  # fmt: skip


def landed(code, *rows):
    """Return the typed rows of a source, and the rules that its contract says they break."""
    card = sources()[code]
    text = pd.DataFrame(
        {
            column.name: pd.array([row.get(column.name, "") for row in rows], dtype="str")
            for column in card.columns
        }
    )
    typed, unread = parse_columns(text, card.columns, lambda text: f"#{text}")
    conformed, unknown = conform_columns(typed, card.columns, NAMES)
    assert len(unread) == len(unknown) == 0
    broken = validate.failures(card, conformed)
    unanswered = validate.unanswered(card, conformed, frozenset(card.questions))
    return conformed, joined([broken, unanswered])


def rules(code, **changes):
    _, found = landed(code, {**GOOD[code], **changes})
    return set(found["rule"])


@pytest.mark.parametrize("code", GOOD)
def test_a_good_row_is_taken(code):
    typed, found = landed(code, GOOD[code])
    assert len(found) == 0
    assert len(typed) == 1


@pytest.mark.parametrize("code", GOOD)
def test_a_file_without_rows_is_taken(code):
    typed, found = landed(code)
    assert len(typed) == len(found) == 0


def test_figures_are_exact():
    typed, _ = landed("sakip_score", GOOD["sakip_score"])
    assert typed["total_score"][0] == Decimal("68.50")


@pytest.mark.parametrize(
    ("code", "changes", "rule"),
    [
        ("survey_answer", {"service": ""}, "wajib_diisi"),
        ("survey_answer", {"answered_on": ""}, "wajib_diisi"),
        ("survey_answer", {"age": "200"}, "terlalu_besar"),
        ("survey_answer", dict.fromkeys(["u1", "u2", "u3", "u4"], ""), "jawaban_kurang"),
        ("system_usage", {"utilisation": "0,75"}, "pilihan"),
        ("system_usage", {"utilisation": "100%"}, "pilihan"),
        ("system_usage", {"utilisation": ""}, "wajib_diisi"),
        ("technical_regulation", {"decided_date": ""}, "putusan_tanpa_tanggal"),
        (
            "technical_regulation",
            {"status": "Ditolak", "decided_date": ""},
            "putusan_tanpa_tanggal",
        ),
        ("technical_regulation", {"status": "Diusulkan"}, "tanggal_tanpa_putusan"),
        ("technical_regulation", {"decided_date": "04/01/2024"}, "putusan_sebelum_usulan"),
        ("oversight_recommendation", {"status_date": ""}, "status_tanpa_tanggal"),
        ("oversight_recommendation", {"status_date": "04/01/2024"}, "status_sebelum_terbit"),
        ("oversight_recommendation", {"answer_due_date": "04/01/2024"}, "batas_sebelum_terbit"),
        ("audit_finding", {"status_date": ""}, "status_tanpa_tanggal"),
        ("audit_finding", {"status": "1", "status_date": ""}, "status_tanpa_tanggal"),
        ("audit_finding", {"status_date": "04/01/2024"}, "status_sebelum_terbit"),
        ("audit_finding", {"work_unit": ""}, "wajib_diisi"),
        ("siasn_integration", {"end_date": "04/01/2020"}, "selesai_sebelum_mulai"),
        ("digital_service", {"is_digital": "Tidak"}, "digital_bertentangan"),
        ("digital_service", {"is_digital_siasn": ""}, "wajib_diisi"),
        ("agency_ip_asn", {"score": "100,01"}, "terlalu_besar"),
        ("agency_ip_asn", {"score": "-0,01"}, "terlalu_kecil"),
        ("agency_nspk", {"letter": ""}, "nilai_tanpa_huruf"),
        ("agency_nspk", {"letter": "Belum"}, "nilai_tanpa_huruf"),
        ("agency_nspk", {"letter": "", "score": ""}, "huruf_kosong"),
        ("agency_nspk", {"score": "100,5"}, "terlalu_besar"),
        ("office_employee", {"qualification_score": "25,01"}, "terlalu_besar"),
        ("office_employee", {"competence_score": "40,5"}, "terlalu_besar"),
        ("office_employee", {"performance_score": "31"}, "terlalu_besar"),
        ("office_employee", {"discipline_score": "6"}, "terlalu_besar"),
        ("office_employee", {"total_score": ""}, "wajib_diisi"),
        ("office_employee", {"total_score": "80,03"}, "jumlah_dimensi_berbeda"),
        ("reform_index", {"score": "110,01"}, "terlalu_besar"),
        ("sakip_score", {"total_score": "68,52"}, "jumlah_komponen_berbeda"),
        ("sakip_score", {"planning_score": "31", "total_score": "74,90"}, "terlalu_besar"),
        ("published_actual", {"actual": "110,36"}, "terlalu_besar"),
        ("published_actual", {"document": ""}, "wajib_diisi"),
    ],
)
def test_a_row_that_breaks_a_rule_is_told_which(code, changes, rule):
    assert rule in rules(code, **changes)


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("survey_answer", dict.fromkeys(["u1", "u2", "u3"], "")),
        ("survey_answer", dict.fromkeys(["age", "sex", "education", "occupation", "origin"], "")),
        ("survey_answer", {"respondent": "", "unit": ""}),
        ("technical_regulation", {"status": "Diusulkan", "decided_date": ""}),
        ("technical_regulation", {"decided_date": "05/01/2024"}),
        ("oversight_recommendation", {"status": "BTL", "status_date": ""}),
        ("oversight_recommendation", {"status": "2", "status_date": "", "answer_due_date": ""}),
        ("siasn_integration", {"mode": "Belum", "start_date": ""}),
        ("digital_service", {"is_digital_siasn": "Tidak"}),
        ("digital_service", {"is_digital": "Belum", "is_digital_siasn": "0"}),
        ("agency_ip_asn", {"status": "Belum", "score": "", "result_date": ""}),
        ("agency_nspk", {"letter": "Tidak Dinilai", "score": ""}),
        ("agency_nspk", {"letter": "A", "score": ""}),
        ("agency_nspk", {"score": "21,00", "letter": "D"}),  # an older scale
        ("office_employee", {"total_score": "80,02", "position_status": ""}),
        ("reform_index", {"score": "104,5", "category": "AA"}),
        ("sakip_score", {"total_score": "68,51", "predicate": ""}),
        ("published_actual", {"actual": "N/A", "page": ""}),
    ],
)
def test_a_row_that_may_be_so_is_taken(code, changes):
    assert rules(code, **changes) == set()


@pytest.mark.parametrize("code", GOOD)
def test_one_key_with_two_contents_is_refused_twice(code):
    card = sources()[code]
    _, found = landed(code, GOOD[code], GOOD[code])
    expected = [(0, "kunci_ganda"), (1, "kunci_ganda")] if card.key else []
    assert list(zip(found["index"], found["rule"], strict=True)) == expected


def test_follow_up_is_read_as_registers_write_it():
    written = {"SSR": "1", "belum sesuai": "2", "BTL": "3", "TDTL": "4"}
    rows = [
        {**GOOD["audit_finding"], "recommendation_no": str(number), "status": word}
        for number, word in enumerate(written)
    ]
    typed, found = landed("audit_finding", *rows)
    assert typed["status"].tolist() == list(written.values())
    assert len(found) == 0


def test_a_position_status_that_lost_its_zero_is_mended():
    rows = [
        {
            **GOOD["office_employee"],
            "employee": f"19010101200101100{number}",
            "position_status": code,
        }
        for number, code in enumerate(["1", "01", "Aktif", "3", "71"])
    ]
    typed, found = landed("office_employee", *rows)
    assert typed["position_status"].tolist() == ["01", "01", "01", "03", "71"]
    assert len(found) == 0


def test_a_column_that_the_contract_does_not_name_is_refused():
    typed, _ = landed("digital_service", GOOD["digital_service"])
    with pytest.raises(pa.errors.SchemaErrors):
        sources()["digital_service"].contract.validate(typed.assign(extra=1), lazy=True)
