-- A row holds from the end of the day `stands_from` on: that of the account's last movement, or
-- never where its charges name several payers.
create table account_balance (
    practice_id  uuid    not null,
    account      uuid    not null,
    balance      numeric,
    claim_id     uuid,
    encounter_id uuid,
    patient_id   uuid,
    payer_id     uuid,
    provider_id  uuid,
    -- The first day of service, of any movement, of a charge, of a payer's payment.
    service_on   date,
    posted_on    date,
    charged_on   date,
    paid_on      date,
    synthetic    boolean not null,
    stands_from  date,
    primary key (practice_id, account)
);
comment on table account_balance is 'distributed: balances of claims and self-pay visits';

-- What has no claim is found by the rest of what names its account.
create index fact_charge_account on fact_charge (practice_id, coalesce(encounter_id, charge_id))
    where claim_id is null;
create index fact_ledger_account
    on fact_ledger (practice_id, coalesce(encounter_id, charge_id, entry_id))
    where claim_id is null;

insert into account_balance
select practice_id, account, sum(amount), (min(claim_id::text))::uuid,
    (min(encounter_id::text) filter (where charged))::uuid,
    (min(patient_id::text) filter (where charged))::uuid,
    (min(payer_id::text) filter (where charged))::uuid,
    (min(provider_id::text) filter (where charged))::uuid,
    min(service_date) filter (where charged), min(posting_date),
    min(posting_date) filter (where charged), min(paid_on), bool_or(synthetic),
    case when min(coalesce(payer_id::text, '')) filter (where charged)
            <> max(coalesce(payer_id::text, '')) filter (where charged)
        then 'infinity' else max(posting_date) end
from (
    select practice_id, coalesce(claim_id, encounter_id, charge_id) as account, claim_id,
        encounter_id, patient_id, payer_id, provider_id, amount, service_date, posting_date,
        true as charged, synthetic, null::date as paid_on
    from fact_charge where not voided
    union all
    select practice_id, coalesce(claim_id, encounter_id, charge_id, entry_id), claim_id,
        encounter_id, patient_id, payer_id, provider_id, -amount, service_date, posting_date,
        false, synthetic,
        case when entry = 'payment' and reason = 'insurance' and amount > 0 then posting_date end
    from fact_ledger where not voided and entry is distinct from 'transfer'
) m
where posting_date is not null group by 1, 2;

create index account_balance_open on account_balance
    (practice_id, stands_from) include (balance, service_on, posted_on, payer_id, synthetic)
    where balance <> 0;
create index account_balance_stands_from on account_balance (practice_id, stands_from)
    include (account);
