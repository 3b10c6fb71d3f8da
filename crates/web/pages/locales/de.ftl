# German. Whoever uses the pages is "Sie". What the keys stand for is said in en.ftl; the order is the same.

# On every page
skip-to-content = Zum Inhalt springen
language = Sprache
change-language-action = Ändern
to-continue = Weiter zu { $app }
required-note = Erforderlich
optional-note = optional
required-hint = Alle Felder sind Pflichtfelder, sofern sie nicht als optional gekennzeichnet sind.
back-to-sign-in-action = Zurück zur Anmeldung
continue-action = Weiter
cancel-action = Abbrechen
show-password-action = Passwort anzeigen
hide-password-action = Passwort verbergen
or = oder
problem-heading = Es gibt ein Problem
working = Einen Moment …
optional-label = { $label } (optional)

# Sign in
sign-in-title = Anmelden
sign-in-action = Anmelden
sign-in-with-provider-action = Weiter mit { $provider }
username-label = Benutzername
email-label = E-Mail-Adresse
phone-label = Telefonnummer
email-or-phone-label = E-Mail-Adresse oder Telefonnummer
username-or-email-label = Benutzername oder E-Mail-Adresse
username-or-phone-label = Benutzername oder Telefonnummer
username-email-or-phone-label = Benutzername, E-Mail-Adresse oder Telefonnummer
password-label = Passwort
forgot-password-action = Passwort vergessen?
new-here = Neu hier?
sign-up-link-action = Konto erstellen

# Sign up
sign-up-title = Konto erstellen
sign-up-action = Konto erstellen
already-here = Sie haben bereits ein Konto?
sign-in-link-action = Anmelden
phone-hint = Mit Ländervorwahl, zum Beispiel +14155550100
birthdate-hint = Jahr, Monat und Tag, zum Beispiel 1990-12-31
sign-up-terms = Mit dem Erstellen eines Kontos stimmen Sie unseren <terms>Nutzungsbedingungen</terms> und unserer <privacy>Datenschutzerklärung</privacy> zu.

# Attributes of a person
attribute-address = Adresse
attribute-birthdate = Geburtsdatum
attribute-email = E-Mail-Adresse
attribute-family_name = Nachname
attribute-gender = Geschlecht
attribute-given_name = Vorname
attribute-locale = Sprache und Region
attribute-middle_name = Zweiter Vorname
attribute-name = Name
attribute-nickname = Spitzname
attribute-phone_number = Telefonnummer
attribute-picture = Bild (Webadresse)
attribute-preferred_username = Bevorzugter Benutzername
attribute-profile = Profil (Webadresse)
attribute-website = Website
attribute-zoneinfo = Zeitzone

# What a password must have
password-rules = Anforderungen an Ihr Passwort:
password-rule-length = { $count ->
    [one] mindestens { $count } Zeichen
   *[other] mindestens { $count } Zeichen
}
password-rule-lower = ein Kleinbuchstabe
password-rule-upper = ein Großbuchstabe
password-rule-digit = eine Ziffer
password-rule-symbol = ein Sonderzeichen wie ! # ?
password-rule-met = erfüllt
password-rule-history = { $count ->
    [one] nicht Ihr letztes Passwort
   *[other] keines Ihrer letzten { $count } Passwörter
}

# Confirmation of a sign-up
confirm-title = Konto bestätigen
confirm-action = Konto bestätigen
confirm-sent-to = Wir haben einen Code an { $destination } gesendet. Geben Sie ihn hier ein.
confirm-sent = Geben Sie den Code ein, den wir Ihnen gesendet haben.
code-label = Code
resend-code-action = Neuen Code senden
code-not-received = Nichts angekommen? Sehen Sie zuerst im Spam-Ordner nach.
code-was-resent = Wir haben einen neuen Code an { $destination } gesendet.
confirmed-now-sign-in = Ihr Konto ist bestätigt. Melden Sie sich an, um fortzufahren.
confirm-no-code = Ihr Konto wurde erstellt. Bevor Sie sich anmelden können, muss die Administration es bestätigen.

# A link of a message
confirm-user-title = Konto bestätigt
confirm-user-done = Ihr Konto ist bestätigt. Sie können diese Seite schließen oder zur Anwendung zurückkehren und sich anmelden.
confirm-user-failed-title = Dieser Link funktioniert nicht
confirm-user-failed = Der Link ist zu alt oder wurde bereits verwendet. Melden Sie sich an, um einen neuen anzufordern.

# A forgotten password
forgot-password-title = Passwort vergessen?
forgot-password-lead = Sagen Sie uns, wer Sie sind. Wir senden Ihnen dann einen Code, mit dem Sie ein neues Passwort festlegen können.
forgot-password-action-send = Code senden
reset-password-title = Neues Passwort festlegen
reset-password-sent-to = Wir haben einen Code an { $destination } gesendet. Geben Sie ihn zusammen mit Ihrem neuen Passwort ein.
reset-password-sent = Geben Sie den Code, den wir Ihnen gesendet haben, und Ihr neues Passwort ein.
reset-password-action = Passwort festlegen
new-password-label = Neues Passwort
repeat-password-label = Passwort wiederholen
password-was-reset = Ihr Passwort wurde geändert. Melden Sie sich mit dem neuen Passwort an.

# A temporary password is changed
new-password-title = Eigenes Passwort wählen
new-password-lead = Sie haben sich mit einem vorläufigen Passwort angemeldet. Wählen Sie eines, das nur Sie kennen.
new-password-missing = Außerdem benötigen wir noch einige Angaben von Ihnen.
new-password-action = Speichern und anmelden

# Accounts
choose-account-title = Konto auswählen
choose-account-lead = Sie sind auf diesem Gerät angemeldet.
choose-account-continue = Weiter als { $name }
choose-account-other-action = Anderes Konto verwenden
choose-account-sign-out-action = Abmelden
signed-in-at = Angemeldet: { $when }

# Signed out
signed-out-title = Sie sind abgemeldet
signed-out-lead = Sie können diese Seite schließen.
signed-out-action = Erneut anmelden

# Ein Gerät ohne Tastatur wird zugelassen
device-title = Gerät verbinden
device-lead = Geben Sie den Code ein, den Ihr Gerät anzeigt.
device-confirm-title = Dieses Gerät zulassen?
device-confirm-lead = { $app } möchte sich auf einem Gerät als Sie anmelden.
device-may = Die Anwendung darf dann:
device-scope-openid = wissen, dass Sie es sind
device-scope-profile = Ihr Profil sehen
device-scope-email = Ihre E-Mail-Adresse sehen
device-scope-phone = Ihre Telefonnummer sehen
device-scope-account = Ihr Konto verwalten
device-shows = Ihr Gerät muss diesen Code anzeigen:
device-warning = Fahren Sie nur fort, wenn Sie das Gerät vor sich haben. Wenn Ihnen jemand den Code geschickt hat, lehnen Sie ab.
device-allow-action = Zulassen
device-refuse-action = Ablehnen
device-allowed-title = Ihr Gerät ist verbunden
device-allowed = Gehen Sie zurück zu Ihrem Gerät. Dort geht es gleich von selbst weiter.
device-refused-title = Das Gerät wurde abgelehnt
device-refused = Es wurde nicht zugelassen. Sie können diese Seite schließen.

# What went wrong on a page of its own
error-title = Das hat nicht geklappt
error-redirect-title = Dieser Link ist nicht richtig eingerichtet
error-redirect = Die Anwendung wollte Sie an eine Adresse weiterleiten lassen, die sie nicht registriert hat. Zu Ihrer Sicherheit haben wir hier abgebrochen. Kehren Sie zur Anwendung zurück und versuchen Sie es erneut. Wenn es wieder geschieht, informieren Sie die Betreiber der Anwendung.
error-request-title = In diesem Link fehlt etwas
error-request = Die aufgerufene Adresse ist unvollständig. Kehren Sie zur Anwendung zurück und beginnen Sie dort von vorn.
error-client-title = Diese Anwendung kann Sie hier nicht anmelden
error-client = Die Anwendung darf diese Seite nicht verwenden. Informieren Sie die Betreiber der Anwendung.
error-expired-title = Diese Seite war zu lange geöffnet
error-expired = Zu Ihrer Sicherheit haben wir nicht länger gewartet. Beginnen Sie von vorn.
error-provider-title = Anmeldeoption nicht verfügbar
error-provider = Bitte versuchen Sie es mit einer anderen.
error-not-found-title = Hier gibt es nichts
error-not-found = Vielleicht ist die Adresse falsch geschrieben, oder die Seite wurde verschoben.
error-server-title = Etwas ist schiefgegangen
error-server = Der Fehler liegt bei uns, nicht bei Ihnen. Warten Sie einen Moment und versuchen Sie es dann erneut.
error-for-support = Für die Betreiber dieser Anwendung:
error-code-label = Fehler
error-request-id-label = Anfrage
start-again-action = Von vorn beginnen

# What went wrong with what was entered
problem-credentials = Benutzername oder Passwort ist falsch.
problem-wrong-password = Das ist nicht Ihr Passwort. Versuchen Sie es erneut.
problem-locked = Zu viele falsche Passwörter. Warten Sie eine Weile und versuchen Sie es dann erneut, oder legen Sie ein neues Passwort fest.
problem-disabled = Dieses Konto ist deaktiviert. Wenden Sie sich an die Betreiber der Anwendung.
problem-not-confirmed = Dieses Konto ist noch nicht bestätigt. Wir benötigen den Code, den wir Ihnen gesendet haben.
problem-reset-required = Bevor Sie sich anmelden können, müssen Sie ein neues Passwort festlegen.
problem-temporary-expired = Das vorläufige Passwort ist zu alt. Bitten Sie die Administration um ein neues.
problem-code = Dieser Code ist nicht richtig. Prüfen Sie ihn und versuchen Sie es erneut.
problem-code-expired = Dieser Code ist zu alt. Fordern Sie einen neuen an.
problem-user-exists = Ein Konto mit diesem Namen gibt es bereits. Melden Sie sich an oder wählen Sie einen anderen Namen.
problem-alias-exists = Diese E-Mail-Adresse oder Telefonnummer wird bereits von jemand anderem verwendet.
problem-contact-taken = Ein Konto mit dieser E-Mail-Adresse oder Telefonnummer gibt es bereits. Melden Sie sich stattdessen an.
problem-password = Das Passwort erfüllt die unten stehenden Anforderungen nicht.
problem-password-reused = Sie haben dieses Passwort schon einmal verwendet. Wählen Sie ein anderes.
problem-passwords-differ = Die beiden Passwörter stimmen nicht überein.
problem-required = Füllen Sie dieses Feld aus.
problem-too-long = Diese Eingabe ist zu lang.
problem-email = Geben Sie eine E-Mail-Adresse ein, zum Beispiel name@example.com.
problem-phone = Geben Sie eine Telefonnummer mit Ländervorwahl ein, zum Beispiel +14155550100.
problem-birthdate = Geben Sie ein Datum in der Form Jahr-Monat-Tag ein, zum Beispiel 1990-12-31.
problem-field = Diese Eingabe kann nicht angenommen werden. Prüfen Sie sie.
problem-device-code = Es wartet kein Gerät mit diesem Code. Prüfen Sie ihn, oder beginnen Sie auf Ihrem Gerät von vorn.
problem-many-attempts = Zu viele Versuche. Warten Sie eine Weile und versuchen Sie es dann erneut.
problem-busy = Wir sind gerade stark ausgelastet. Warten Sie einen Moment und versuchen Sie es dann erneut.
problem-form-expired = Dieses Formular war zu lange geöffnet oder wurde zweimal gesendet. Versuchen Sie es erneut.
problem-no-recovery = Zu diesem Konto gibt es keine bestätigte E-Mail-Adresse oder Telefonnummer, an die wir einen Code senden könnten. Wenden Sie sich an die Betreiber der Anwendung.
problem-only-admins = Das kann nur die Administration tun. Wenden Sie sich an die Betreiber der Anwendung.
problem-sign-up-closed = Konten werden hier von der Administration angelegt.
problem-delivery = Die Nachricht konnte nicht gesendet werden. Versuchen Sie es gleich noch einmal.
problem-not-built = Dieses Konto benötigt eine Anmeldeart, die hier nicht verfügbar ist. Wenden Sie sich an die Betreiber der Anwendung.
problem-server = Etwas ist schiefgegangen. Versuchen Sie es erneut.

# One's own account
account-title = Ihr Konto
account-profile-title = Profil
account-profile-lead = Was die Anwendungen, die Sie nutzen, von Ihnen sehen können.
account-profile-empty = Über Sie ist noch nichts bekannt.
account-save-action = Änderungen speichern
account-saved = Ihre Änderungen wurden gespeichert.
account-fixed-hint = Das lässt sich hier nicht ändern.
account-contacts-title = E-Mail und Telefon
account-contacts-lead = Wohin wir Ihnen Codes und Nachrichten senden.
account-verified = Bestätigt
account-unverified = Nicht bestätigt
account-pending = Noch mit dem Code zu bestätigen: { $value }
account-verify-action = Bestätigen
account-verify-title = { $value } bestätigen
account-verify-lead = Geben Sie den Code ein, den wir dorthin gesendet haben.
account-verify-sent = Wir haben einen Code an { $destination } gesendet.
account-change-contact-action = Ändern
account-contact-verified = Bestätigt. Vielen Dank.
account-contact-changed = Ihre Kontaktdaten wurden geändert.
account-password-title = Passwort
account-password-lead = Wählen Sie eines, das Sie nirgendwo sonst verwenden.
account-current-password-label = Aktuelles Passwort
account-password-action = Passwort ändern
account-password-changed = Ihr Passwort wurde geändert.
account-sessions-title = Wo Sie angemeldet sind
account-sessions-lead = Melden Sie alles ab, was Sie nicht wiedererkennen.
account-session-this = Dieser Browser
account-session-browser = Ein Browser
account-session-app = { $app }
account-session-since = Seit { $when }
account-session-until = Bis { $when }
account-session-end-action = Abmelden
account-sessions-end-all-action = Überall abmelden
account-session-ended = Abgemeldet.
account-sessions-ended = Sie sind überall sonst abgemeldet.
account-data-title = Ihre Daten
account-data-lead = Alles, was über Sie gespeichert ist, als Datei.
account-data-action = Herunterladen
account-delete-title = Konto löschen
account-delete-lead = Ihr Konto und alles, was dazugehört, wird sofort gelöscht. Das lässt sich nicht rückgängig machen.
account-delete-action = Mein Konto löschen
account-delete-confirm-title = Möchten Sie Ihr Konto löschen?
account-delete-confirm-label = Geben Sie zur Bestätigung Ihr Passwort ein
account-deleted-title = Ihr Konto ist gelöscht
account-deleted = Alles, was über Sie gespeichert war, wurde gelöscht.
account-sign-out-action = Abmelden
account-sign-in-again = Melden Sie sich zu Ihrer Sicherheit erneut an, um fortzufahren.
account-prove-title = Sind Sie es?
account-prove-lead = Geben Sie zum Schutz Ihres Kontos Ihr Passwort ein, um fortzufahren.
