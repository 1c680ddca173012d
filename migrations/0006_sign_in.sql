-- Second factors, passkeys and Sign in with Xero (shapes given by the sign-in library) --------

alter table auth."user" add column "twoFactorEnabled" boolean default false;

-- Null: signed in by password or by Xero alone. Else what proved it besides: totp, recovery, passkey.
alter table auth."session" add column "secondFactor" text
  check ("secondFactor" in ('totp', 'recovery', 'passkey'));

create table auth."twoFactor" (
  "id" text primary key,
  "secret" text not null,
  "backupCodes" text not null,
  "userId" text not null unique references auth."user" ("id") on delete cascade,
  "verified" boolean default true,
  "failedVerificationCount" integer default 0,
  "lockedUntil" timestamptz
);
create index "twoFactor_secret_idx" on auth."twoFactor" ("secret");

create table auth."passkey" (
  "id" text primary key,
  "name" text,
  "publicKey" text not null,
  "userId" text not null references auth."user" ("id") on delete cascade,
  "credentialID" text not null unique,
  "counter" integer not null,
  "deviceType" text not null,
  "backedUp" boolean not null,
  "transports" text,
  "createdAt" timestamptz,
  "aaguid" text
);
create index "passkey_userId_idx" on auth."passkey" ("userId");

-- One Xero user opens one account here, however many ask at once.
create unique index "account_of_provider_key" on auth."account" ("providerId", "accountId");

grant select, insert, update, delete on auth."twoFactor", auth."passkey" to bursar_auth;

-- Whether Owners and Admins need a second factor for what could hand out access ----------------

alter table providers add column second_factor text not null default 'required'
  check (second_factor in ('required', 'optional'));

-- Codes that have opened something: each opens once. Not of one provider, as its person is not.
create table spent_codes (
  code_hash bytea primary key,
  spent_at timestamptz not null
);
create index spent_codes_by_age on spent_codes (spent_at);
alter table spent_codes enable row level security;
alter table spent_codes force row level security;
create policy system_passage on spent_codes to bursar_system using (true) with check (true);
grant select, insert, update, delete on spent_codes to bursar_system;

-- Invitations to work for a provider; the link's token is kept as a hash alone -----------------

create table member_invitations (
  provider_id uuid not null references providers,
  id uuid primary key,
  email text not null check (length(email) between 3 and 255),
  role text not null check (role in ('owner', 'admin', 'finance', 'staff')),
  token_hash bytea not null unique,
  invited_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz
);
create unique index member_invitations_open on member_invitations (provider_id, email)
  where ended_at is null;
call protect('member_invitations');

-- Who made a key, so that whoever leaves can be told which keys stay.
alter table api_keys add column created_by_person text;
create index api_keys_by_maker on api_keys (provider_id, created_by_person)
  where revoked_at is null;
