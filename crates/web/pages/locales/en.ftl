# Every text of the pages. Keys are named for the page and what they say; `-title` heads a page, `-action` stands on a button or a
# link, `-hint` explains a field, `problem-` says what went wrong and what to do about it.

# On every page
skip-to-content = Skip to content
language = Language
change-language-action = Change
to-continue = to continue to { $app }
required-note = Required
optional-note = optional
required-hint = All fields are required unless marked as optional.
back-to-sign-in-action = Back to sign in
continue-action = Continue
cancel-action = Cancel
show-password-action = Show password
hide-password-action = Hide password
or = or
problem-heading = There is a problem
working = One moment…
optional-label = { $label } (optional)

# Sign in
sign-in-title = Sign in
sign-in-action = Sign in
sign-in-with-provider-action = Continue with { $provider }
username-label = User name
email-label = Email address
phone-label = Phone number
email-or-phone-label = Email address or phone number
username-or-email-label = User name or email address
username-or-phone-label = User name or phone number
username-email-or-phone-label = User name, email address or phone number
password-label = Password
forgot-password-action = Forgot your password?
new-here = New here?
sign-up-link-action = Create an account

# Sign up
sign-up-title = Create an account
sign-up-action = Create account
already-here = Already have an account?
sign-in-link-action = Sign in
phone-hint = With the country code, for example +14155550100
birthdate-hint = Year, month and day, for example 1990-12-31
sign-up-terms = By creating an account you agree to our <terms>Terms of use</terms> and <privacy>Privacy policy</privacy>.

# Attributes of a person
attribute-address = Address
attribute-birthdate = Date of birth
attribute-email = Email address
attribute-family_name = Family name
attribute-gender = Gender
attribute-given_name = Given name
attribute-locale = Language and region
attribute-middle_name = Middle name
attribute-name = Name
attribute-nickname = Nickname
attribute-phone_number = Phone number
attribute-picture = Picture (web address)
attribute-preferred_username = Preferred user name
attribute-profile = Profile (web address)
attribute-website = Website
attribute-zoneinfo = Time zone

# What a password must have
password-rules = Your password must have:
password-rule-length = { $count ->
    [one] at least { $count } character
   *[other] at least { $count } characters
}
password-rule-lower = a lower-case letter
password-rule-upper = an upper-case letter
password-rule-digit = a number
password-rule-symbol = a symbol such as ! # ?
password-rule-met = met
password-rule-history = { $count ->
    [one] not your last password
   *[other] none of your last { $count } passwords
}

# Confirmation of a sign-up
confirm-title = Confirm your account
confirm-action = Confirm account
confirm-sent-to = We sent a code to { $destination }. Enter it here.
confirm-sent = Enter the code that we sent you.
code-label = Code
resend-code-action = Send a new code
code-not-received = Nothing arrived? Look in the spam folder first.
code-was-resent = We sent a new code to { $destination }.
confirmed-now-sign-in = Your account is confirmed. Sign in to go on.
confirm-no-code = Your account was created. An administrator has to confirm it before you can sign in.

# A link of a message
confirm-user-title = Account confirmed
confirm-user-done = Your account is confirmed. You can close this page, or go back to the application and sign in.
confirm-user-failed-title = This link does not work
confirm-user-failed = The link is too old, or it was used before. Sign in: if your account is not confirmed yet, you can ask for a new one.

# A forgotten password
forgot-password-title = Forgot your password?
forgot-password-lead = Tell us who you are, and we send you a code to set a new password.
forgot-password-action-send = Send code
reset-password-title = Set a new password
reset-password-sent-to = We sent a code to { $destination }. Enter it with your new password.
reset-password-sent = Enter the code that we sent you, and your new password.
reset-password-action = Set password
new-password-label = New password
repeat-password-label = Repeat the password
password-was-reset = Your password is changed. Sign in with the new one.

# A temporary password is changed
new-password-title = Choose your own password
new-password-lead = You signed in with a temporary password. Choose one that only you know.
new-password-missing = We also need a few details from you.
new-password-action = Save and sign in

# Accounts
choose-account-title = Choose an account
choose-account-lead = You are signed in on this device.
choose-account-continue = Continue as { $name }
choose-account-other-action = Use another account
choose-account-sign-out-action = Sign out
signed-in-at = Signed in { $when }

# Signed out
signed-out-title = You are signed out
signed-out-lead = You can close this page.
signed-out-action = Sign in again

# A device without a keyboard is let in
device-title = Connect a device
device-lead = Enter the code that your device shows.
device-confirm-title = Let this device in?
device-confirm-lead = { $app } wants to sign in on a device as you.
device-may = It may then:
device-scope-openid = know that it is you
device-scope-profile = see your profile
device-scope-email = see your email address
device-scope-phone = see your phone number
device-scope-account = look after your account
device-shows = Your device must show this code:
device-warning = Go on only if you have the device in front of you. If somebody sent you the code, refuse.
device-allow-action = Allow
device-refuse-action = Refuse
device-allowed-title = Your device is connected
device-allowed = Go back to your device. It goes on by itself in a moment.
device-refused-title = The device was refused
device-refused = It was not let in. You can close this page.

# What went wrong on a page of its own
error-title = This did not work
error-redirect-title = This link is not set up correctly
error-redirect = The application asked us to send you to an address that it has not registered. To keep you safe, we stopped here. Go back to the application and try again; if it happens again, tell the people who run it.
error-request-title = Something is missing from this link
error-request = The address you followed is incomplete. Go back to the application and start again from there.
error-client-title = This application cannot sign you in here
error-client = The application is not allowed to use this page. Tell the people who run it.
error-expired-title = This page was open for too long
error-expired = To keep you safe, we stopped waiting. Start again.
error-provider-title = Login option is not available
error-provider = Please try another one.
error-not-found-title = There is nothing here
error-not-found = The address may be mistyped, or the page has moved.
error-server-title = Something went wrong
error-server = That is our fault, not yours. Wait a moment and try again.
error-for-support = For the people who run this application:
error-code-label = Error
error-request-id-label = Request
start-again-action = Start again

# What went wrong with what was entered
problem-credentials = Incorrect user name or password.
problem-wrong-password = That is not your password. Try again.
problem-locked = Too many wrong passwords. Wait a while, then try again, or set a new password.
problem-disabled = This account is disabled. Ask the people who run this application.
problem-not-confirmed = This account is not confirmed yet. We need the code that we sent you.
problem-reset-required = You have to set a new password before you can sign in.
problem-temporary-expired = The temporary password is too old. Ask an administrator for a new one.
problem-code = That code is not right. Check it and try again.
problem-code-expired = That code is too old. Ask for a new one.
problem-user-exists = There is an account with this name already. Sign in, or choose another name.
problem-alias-exists = Somebody else uses this email address or phone number already.
problem-contact-taken = There is an account with this email address or phone number already. Sign in instead.
problem-password = The password does not meet the rules below.
problem-password-reused = You have used this password before. Choose another one.
problem-passwords-differ = The two passwords are not the same.
problem-required = Fill in this field.
problem-too-long = This is too long.
problem-email = Enter an email address such as name@example.com.
problem-phone = Enter a phone number with its country code, such as +14155550100.
problem-birthdate = Enter a date as year-month-day, such as 1990-12-31.
problem-field = This cannot be accepted. Check it.
problem-device-code = There is no device waiting with this code. Check it, or begin again on your device.
problem-many-attempts = Too many tries. Wait a while, then try again.
problem-busy = We are very busy. Wait a moment and try again.
problem-form-expired = This form was open for too long, or was sent twice. Try again.
problem-no-recovery = This account has no confirmed email address or phone number to send a code to. Ask the people who run this application.
problem-only-admins = Only an administrator can do this. Ask the people who run this application.
problem-sign-up-closed = Accounts here are made by an administrator.
problem-delivery = We could not send the message. Try again in a moment.
problem-not-built = This account needs a way to sign in that is not available here. Ask the people who run this application.
problem-server = Something went wrong. Try again.

# One's own account
account-title = Your account
account-profile-title = Profile
account-profile-lead = What the applications that you use may see of you.
account-profile-empty = Nothing is known about you yet.
account-save-action = Save changes
account-saved = Your changes are saved.
account-fixed-hint = This cannot be changed here.
account-contacts-title = Email and phone
account-contacts-lead = Where codes and messages reach you.
account-verified = Confirmed
account-unverified = Not confirmed
account-pending = Waiting for its code: { $value }
account-verify-action = Confirm
account-verify-title = Confirm { $value }
account-verify-lead = Enter the code that we sent there.
account-verify-sent = We sent a code to { $destination }.
account-change-contact-action = Change
account-contact-verified = Confirmed. Thank you.
account-contact-changed = Your contact details are changed.
account-password-title = Password
account-password-lead = Use one that you use nowhere else.
account-current-password-label = Current password
account-password-action = Change password
account-password-changed = Your password is changed.
account-sessions-title = Where you are signed in
account-sessions-lead = Sign out whatever you do not recognise.
account-session-this = This browser
account-session-browser = A browser
account-session-app = { $app }
account-session-since = Since { $when }
account-session-until = Until { $when }
account-session-end-action = Sign out
account-sessions-end-all-action = Sign out everywhere
account-session-ended = Signed out.
account-sessions-ended = You are signed out everywhere else.
account-data-title = Your data
account-data-lead = Everything that is kept about you, as a file.
account-data-action = Download
account-delete-title = Delete account
account-delete-lead = Your account and everything in it is removed at once. This cannot be undone.
account-delete-action = Delete my account
account-delete-confirm-title = Delete your account?
account-delete-confirm-label = Enter your password to confirm
account-deleted-title = Your account is deleted
account-deleted = Everything that was kept about you is removed.
account-sign-out-action = Sign out
account-sign-in-again = To keep you safe, sign in again to go on.
account-prove-title = Is it you?
account-prove-lead = To keep your account safe, enter your password to go on.
