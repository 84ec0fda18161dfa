-- One table per source: the accepted rows of every load, never updated, never deleted.

CREATE TABLE staging.survey_answer (
    -- No foreign key: it costs a look-up for each of a million answers. The rows are written in the
    -- transaction that writes their load, and a check finds any without one.
    load_id bigint NOT NULL,
    sheet text NOT NULL,
    row_no integer NOT NULL,
    service text NOT NULL,
    unit text,
    answered_on date NOT NULL,
    u1 smallint,
    u2 smallint,
    u3 smallint,
    u4 smallint,
    u5 smallint,
    u6 smallint,
    u7 smallint,
    u8 smallint,
    u9 smallint,
    age smallint,
    sex text,
    education text,
    occupation text,
    origin text,
    respondent text
);
CREATE INDEX survey_answer_by_load ON staging.survey_answer USING brin (load_id);

CREATE TABLE staging.system_usage (
    load_id bigint NOT NULL REFERENCES ops.load,
    sheet text NOT NULL,
    row_no integer NOT NULL,
    system text NOT NULL,
    utilisation numeric NOT NULL,
    evidence text,
    PRIMARY KEY (load_id, system)
);

CREATE TABLE staging.ikpa (
    load_id bigint NOT NULL REFERENCES ops.load,
    sheet text NOT NULL,
    row_no integer NOT NULL,
    satker text NOT NULL,
    satker_name text NOT NULL,
    ba_code text NOT NULL,
    kppn_code text NOT NULL,
    regime integer NOT NULL,
    value_dipa_revision numeric NOT NULL,
    value_page_three_deviation numeric NOT NULL,
    value_absorption numeric NOT NULL,
    value_contract numeric NOT NULL,
    value_bill_settlement numeric NOT NULL,
    value_cash_supply numeric NOT NULL,
    value_dispensation numeric,
    value_output numeric NOT NULL,
    weight_dipa_revision numeric NOT NULL,
    weight_page_three_deviation numeric NOT NULL,
    weight_absorption numeric NOT NULL,
    weight_contract numeric NOT NULL,
    weight_bill_settlement numeric NOT NULL,
    weight_cash_supply numeric NOT NULL,
    weight_dispensation numeric,
    weight_output numeric NOT NULL,
    total_score numeric NOT NULL,
    conversion_pct numeric NOT NULL,
    dispensation_score numeric NOT NULL,
    final_score numeric NOT NULL,
    PRIMARY KEY (load_id, satker)
);

CREATE TABLE staging.technical_regulation (
    load_id bigint NOT NULL REFERENCES ops.load,
    sheet text NOT NULL,
    row_no integer NOT NULL,
    proposal_no text NOT NULL,
    title text NOT NULL,
    proposed_date date NOT NULL,
    status text NOT NULL,
    decided_date date,
    PRIMARY KEY (load_id, proposal_no)
);

CREATE TABLE staging.oversight_recommendation (
    load_id bigint NOT NULL REFERENCES ops.load,
    sheet text NOT NULL,
    row_no integer NOT NULL,
    recommendation_no text NOT NULL,
    issued_date date NOT NULL,
    agency text NOT NULL,
    topic text,
    answer_due_date date,
    status smallint NOT NULL,
    status_date date,
    evidence text,
    PRIMARY KEY (load_id, recommendation_no)
);

CREATE TABLE staging.audit_finding (
    load_id bigint NOT NULL REFERENCES ops.load,
    sheet text NOT NULL,
    row_no integer NOT NULL,
    issuer text NOT NULL,
    report_no text NOT NULL,
    finding_no text NOT NULL,
    recommendation_no text NOT NULL,
    work_unit text NOT NULL,
    issued_date date NOT NULL,
    status smallint NOT NULL,
    status_date date,
    PRIMARY KEY (load_id, issuer, report_no, finding_no, recommendation_no, work_unit)
);

CREATE TABLE staging.siasn_integration (
    load_id bigint NOT NULL REFERENCES ops.load,
    sheet text NOT NULL,
    row_no integer NOT NULL,
    agency text NOT NULL,
    mode text NOT NULL,
    start_date date,
    end_date date,
    evidence text,
    PRIMARY KEY (load_id, agency, mode)
);

CREATE TABLE staging.digital_service (
    load_id bigint NOT NULL REFERENCES ops.load,
    sheet text NOT NULL,
    row_no integer NOT NULL,
    service text NOT NULL,
    is_digital boolean NOT NULL,
    is_digital_siasn boolean NOT NULL,
    channel text,
    PRIMARY KEY (load_id, service)
);

CREATE TABLE staging.agency_ip_asn (
    load_id bigint NOT NULL REFERENCES ops.load,
    sheet text NOT NULL,
    row_no integer NOT NULL,
    agency text NOT NULL,
    status text NOT NULL,
    score numeric,
    result_date date,
    PRIMARY KEY (load_id, agency)
);

CREATE TABLE staging.office_employee (
    load_id bigint NOT NULL REFERENCES ops.load,
    sheet text NOT NULL,
    row_no integer NOT NULL,
    employee text NOT NULL,
    employee_group text NOT NULL,
    position_status text,
    qualification_score numeric NOT NULL,
    competence_score numeric NOT NULL,
    performance_score numeric NOT NULL,
    discipline_score numeric NOT NULL,
    total_score numeric NOT NULL,
    scored_date date,
    PRIMARY KEY (load_id, employee)
);

CREATE TABLE staging.agency_nspk (
    load_id bigint NOT NULL REFERENCES ops.load,
    sheet text NOT NULL,
    row_no integer NOT NULL,
    agency text NOT NULL,
    letter text NOT NULL,
    score numeric,
    instrument text,
    PRIMARY KEY (load_id, agency)
);

CREATE TABLE staging.reform_index (
    load_id bigint NOT NULL REFERENCES ops.load,
    sheet text NOT NULL,
    row_no integer NOT NULL,
    letter_no text NOT NULL,
    letter_date date NOT NULL,
    score numeric NOT NULL,
    category text,
    PRIMARY KEY (load_id)
);

CREATE TABLE staging.sakip_score (
    load_id bigint NOT NULL REFERENCES ops.load,
    sheet text NOT NULL,
    row_no integer NOT NULL,
    letter_no text NOT NULL,
    letter_date date NOT NULL,
    planning_score numeric NOT NULL,
    measurement_score numeric NOT NULL,
    reporting_score numeric NOT NULL,
    evaluation_score numeric NOT NULL,
    total_score numeric NOT NULL,
    predicate text,
    PRIMARY KEY (load_id)
);

CREATE TABLE staging.published_actual (
    load_id bigint NOT NULL REFERENCES ops.load,
    sheet text NOT NULL,
    row_no integer NOT NULL,
    iku text NOT NULL,
    document text NOT NULL,
    document_date date NOT NULL,
    actual numeric,
    page text,
    PRIMARY KEY (load_id, iku, document)
);
