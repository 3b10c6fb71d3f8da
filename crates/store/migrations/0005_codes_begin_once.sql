-- A code is given the id of the sign-in that it will begin; that there is such a family says that it was redeemed, and since when. Codes of before,
-- which live for five minutes, are forgotten.
DELETE FROM authorization_codes;
ALTER TABLE authorization_codes DROP COLUMN redeemed_at;
ALTER TABLE token_families ADD COLUMN begun_at BIGINT;

-- AWS: signing out everywhere does not end a browser's session.
ALTER TABLE login_sessions DROP COLUMN token_epoch;
