# French. Whoever uses the pages is "vous", and no sentence supposes a gender. Before : ; ! ? stands a space that does not break.
# What the keys stand for is said in en.ftl; the order is the same.

# On every page
skip-to-content = Aller au contenu
language = Langue
change-language-action = Changer
to-continue = pour continuer vers { $app }
required-note = Obligatoire
optional-note = facultatif
required-hint = Tous les champs sont obligatoires, sauf ceux signalés comme facultatifs.
back-to-sign-in-action = Revenir à la connexion
continue-action = Continuer
cancel-action = Annuler
show-password-action = Afficher le mot de passe
hide-password-action = Masquer le mot de passe
or = ou
problem-heading = Un problème est survenu
working = Un instant…
optional-label = { $label } (facultatif)

# Sign in
sign-in-title = Connexion
sign-in-action = Se connecter
sign-in-with-provider-action = Continuer avec { $provider }
username-label = Nom d’utilisateur
email-label = Adresse e-mail
phone-label = Numéro de téléphone
email-or-phone-label = Adresse e-mail ou numéro de téléphone
username-or-email-label = Nom d’utilisateur ou adresse e-mail
username-or-phone-label = Nom d’utilisateur ou numéro de téléphone
username-email-or-phone-label = Nom d’utilisateur, adresse e-mail ou numéro de téléphone
password-label = Mot de passe
forgot-password-action = Mot de passe oublié ?
new-here = Première visite ?
sign-up-link-action = Créer un compte

# Sign up
sign-up-title = Créer un compte
sign-up-action = Créer le compte
already-here = Vous avez déjà un compte ?
sign-in-link-action = Se connecter
phone-hint = Avec l’indicatif du pays, par exemple +14155550100
birthdate-hint = Année, mois et jour, par exemple 1990-12-31
sign-up-terms = En créant un compte, vous acceptez nos <terms>conditions d’utilisation</terms> et notre <privacy>politique de confidentialité</privacy>.

# Attributes of a person
attribute-address = Adresse
attribute-birthdate = Date de naissance
attribute-email = Adresse e-mail
attribute-family_name = Nom de famille
attribute-gender = Genre
attribute-given_name = Prénom
attribute-locale = Langue et région
attribute-middle_name = Deuxième prénom
attribute-name = Nom complet
attribute-nickname = Surnom
attribute-phone_number = Numéro de téléphone
attribute-picture = Photo (adresse web)
attribute-preferred_username = Nom d’utilisateur préféré
attribute-profile = Profil (adresse web)
attribute-website = Site web
attribute-zoneinfo = Fuseau horaire

# What a password must have
password-rules = Votre mot de passe doit respecter ces règles :
password-rule-length = { $count ->
    [one] au moins { $count } caractère
   *[other] au moins { $count } caractères
}
password-rule-lower = une lettre minuscule
password-rule-upper = une lettre majuscule
password-rule-digit = un chiffre
password-rule-symbol = un caractère spécial comme ! # ?
password-rule-met = règle respectée
password-rule-history = { $count ->
    [one] différent de votre dernier mot de passe
   *[other] différent de vos { $count } derniers mots de passe
}

# Confirmation of a sign-up
confirm-title = Confirmer votre compte
confirm-action = Confirmer le compte
confirm-sent-to = Nous avons envoyé un code à { $destination }. Saisissez-le ici.
confirm-sent = Saisissez le code que nous vous avons envoyé.
code-label = Code
resend-code-action = Envoyer un nouveau code
code-not-received = Rien reçu ? Regardez d’abord dans le dossier des indésirables.
code-was-resent = Nous avons envoyé un nouveau code à { $destination }.
confirmed-now-sign-in = Votre compte est confirmé. Connectez-vous pour continuer.
confirm-no-code = Votre compte a été créé. Un administrateur doit le confirmer avant que vous puissiez vous connecter.

# A link of a message
confirm-user-title = Compte confirmé
confirm-user-done = Votre compte est confirmé. Vous pouvez fermer cette page, ou revenir à l’application et vous connecter.
confirm-user-failed-title = Ce lien ne fonctionne pas
confirm-user-failed = Le lien est trop ancien ou a déjà été utilisé. Connectez-vous pour en demander un nouveau.

# A forgotten password
forgot-password-title = Mot de passe oublié ?
forgot-password-lead = Dites-nous qui vous êtes, et nous vous enverrons un code pour définir un nouveau mot de passe.
forgot-password-action-send = Envoyer le code
reset-password-title = Définir un nouveau mot de passe
reset-password-sent-to = Nous avons envoyé un code à { $destination }. Saisissez-le avec votre nouveau mot de passe.
reset-password-sent = Saisissez le code que nous vous avons envoyé, ainsi que votre nouveau mot de passe.
reset-password-action = Définir le mot de passe
new-password-label = Nouveau mot de passe
repeat-password-label = Répétez le mot de passe
password-was-reset = Votre mot de passe a été changé. Connectez-vous avec le nouveau.

# A temporary password is changed
new-password-title = Choisir votre mot de passe
new-password-lead = Vous avez utilisé un mot de passe provisoire. Choisissez-en un que personne d’autre ne connaît.
new-password-missing = Il nous manque aussi quelques informations.
new-password-action = Enregistrer et se connecter

# Accounts
choose-account-title = Choisir un compte
choose-account-lead = Vous avez une session ouverte sur cet appareil.
choose-account-continue = Continuer en tant que { $name }
choose-account-other-action = Utiliser un autre compte
choose-account-sign-out-action = Se déconnecter
signed-in-at = Connexion : { $when }

# Signed out
signed-out-title = Votre session est fermée
signed-out-lead = Vous pouvez fermer cette page.
signed-out-action = Se reconnecter

# Un appareil sans clavier est autorisé
device-title = Connecter un appareil
device-lead = Saisissez le code affiché par votre appareil.
device-confirm-title = Autoriser cet appareil ?
device-confirm-lead = { $app } souhaite se connecter en votre nom sur un appareil.
device-may = L’application pourra alors :
device-scope-openid = savoir que c’est vous
device-scope-profile = voir votre profil
device-scope-email = voir votre adresse e-mail
device-scope-phone = voir votre numéro de téléphone
device-scope-account = gérer votre compte
device-shows = Votre appareil doit afficher ce code :
device-warning = Ne continuez que si l’appareil est devant vous. Si quelqu’un vous a envoyé le code, refusez.
device-allow-action = Autoriser
device-refuse-action = Refuser
device-allowed-title = Votre appareil est connecté
device-allowed = Revenez à votre appareil. Il continue tout seul dans un instant.
device-refused-title = L’appareil a été refusé
device-refused = Il n’a pas été autorisé. Vous pouvez fermer cette page.

# What went wrong on a page of its own
error-title = Cela n’a pas fonctionné
error-redirect-title = Ce lien n’est pas configuré correctement
error-redirect = L’application nous a demandé de vous diriger vers une adresse qu’elle n’a pas déclarée. Pour votre sécurité, nous nous sommes arrêtés là. Revenez à l’application et réessayez ; si cela se reproduit, prévenez les responsables de l’application.
error-request-title = Il manque quelque chose à ce lien
error-request = L’adresse que vous avez suivie est incomplète. Revenez à l’application et recommencez à partir de là.
error-client-title = Cette application ne peut pas vous connecter ici
error-client = L’application n’a pas le droit d’utiliser cette page. Prévenez les responsables de l’application.
error-expired-title = Cette page est restée ouverte trop longtemps
error-expired = Pour votre sécurité, nous avons cessé d’attendre. Recommencez.
error-provider-title = Ce mode de connexion n’est pas disponible
error-provider = Veuillez en essayer un autre.
error-not-found-title = Il n’y a rien ici
error-not-found = L’adresse contient peut-être une faute, ou la page a été déplacée.
error-server-title = Un problème est survenu
error-server = L’erreur vient de nous, pas de vous. Patientez un instant, puis réessayez.
error-for-support = Pour les responsables de cette application :
error-code-label = Erreur
error-request-id-label = Requête
start-again-action = Recommencer

# What went wrong with what was entered
problem-credentials = Nom d’utilisateur ou mot de passe incorrect.
problem-wrong-password = Ce n’est pas votre mot de passe. Réessayez.
problem-locked = Trop de mots de passe erronés. Patientez un moment, puis réessayez, ou définissez un nouveau mot de passe.
problem-disabled = Ce compte est désactivé. Adressez-vous aux responsables de l’application.
problem-not-confirmed = Ce compte n’est pas encore confirmé. Nous avons besoin du code que nous vous avons envoyé.
problem-reset-required = Vous devez définir un nouveau mot de passe avant de pouvoir vous connecter.
problem-temporary-expired = Le mot de passe provisoire est trop ancien. Demandez-en un nouveau à un administrateur.
problem-code = Ce code n’est pas le bon. Vérifiez-le et réessayez.
problem-code-expired = Ce code est trop ancien. Demandez-en un nouveau.
problem-user-exists = Un compte porte déjà ce nom. Connectez-vous, ou choisissez un autre nom.
problem-alias-exists = Cette adresse e-mail ou ce numéro de téléphone est déjà utilisé par quelqu’un d’autre.
problem-contact-taken = Un compte utilise déjà cette adresse e-mail ou ce numéro de téléphone. Connectez-vous plutôt.
problem-password = Le mot de passe ne respecte pas les règles ci-dessous.
problem-password-reused = Vous avez déjà utilisé ce mot de passe. Choisissez-en un autre.
problem-passwords-differ = Les deux mots de passe ne sont pas identiques.
problem-required = Remplissez ce champ.
problem-too-long = Ce texte est trop long.
problem-email = Saisissez une adresse e-mail, par exemple name@example.com.
problem-phone = Saisissez un numéro de téléphone avec l’indicatif du pays, par exemple +14155550100.
problem-birthdate = Saisissez une date sous la forme année-mois-jour, par exemple 1990-12-31.
problem-field = Cette saisie ne peut pas être acceptée. Vérifiez-la.
problem-device-code = Aucun appareil n’attend avec ce code. Vérifiez-le ou recommencez sur votre appareil.
problem-many-attempts = Trop de tentatives. Patientez un moment, puis réessayez.
problem-busy = Nous sommes très sollicités. Patientez un instant, puis réessayez.
problem-form-expired = Ce formulaire est resté ouvert trop longtemps ou a été envoyé deux fois. Réessayez.
problem-no-recovery = Ce compte n’a ni adresse e-mail ni numéro de téléphone confirmés auxquels envoyer un code. Adressez-vous aux responsables de l’application.
problem-only-admins = Seul un administrateur peut faire cela. Adressez-vous aux responsables de l’application.
problem-sign-up-closed = Ici, les comptes sont créés par un administrateur.
problem-delivery = Nous n’avons pas pu envoyer le message. Réessayez dans un instant.
problem-not-built = Ce compte exige un mode de connexion qui n’est pas disponible ici. Adressez-vous aux responsables de l’application.
problem-server = Un problème est survenu. Réessayez.

# One's own account
account-title = Votre compte
account-profile-title = Profil
account-profile-lead = Ce que les applications que vous utilisez peuvent voir de vous.
account-profile-empty = Nous ne savons encore rien de vous.
account-save-action = Enregistrer les modifications
account-saved = Vos modifications sont enregistrées.
account-fixed-hint = Cela ne peut pas être modifié ici.
account-contacts-title = E-mail et téléphone
account-contacts-lead = Là où les codes et les messages vous parviennent.
account-verified = Confirmé
account-unverified = Non confirmé
account-pending = En attente du code : { $value }
account-verify-action = Confirmer
account-verify-title = Confirmer { $value }
account-verify-lead = Saisissez le code que nous y avons envoyé.
account-verify-sent = Nous avons envoyé un code à { $destination }.
account-change-contact-action = Modifier
account-contact-verified = C’est confirmé. Merci.
account-contact-changed = Vos coordonnées sont modifiées.
account-password-title = Mot de passe
account-password-lead = Choisissez-en un que vous n’utilisez nulle part ailleurs.
account-current-password-label = Mot de passe actuel
account-password-action = Changer le mot de passe
account-password-changed = Votre mot de passe a été changé.
account-sessions-title = Vos sessions ouvertes
account-sessions-lead = Déconnectez tout ce que vous ne reconnaissez pas.
account-session-this = Ce navigateur
account-session-browser = Un navigateur
account-session-app = { $app }
account-session-since = Début : { $when }
account-session-until = Fin : { $when }
account-session-end-action = Déconnecter
account-sessions-end-all-action = Se déconnecter partout
account-session-ended = Session fermée.
account-sessions-ended = Toutes vos autres sessions sont fermées.
account-data-title = Vos données
account-data-lead = Tout ce qui est conservé à votre sujet, dans un fichier.
account-data-action = Télécharger
account-delete-title = Supprimer le compte
account-delete-lead = Votre compte et tout ce qu’il contient seront supprimés immédiatement. Cette action est irréversible.
account-delete-action = Supprimer mon compte
account-delete-confirm-title = Supprimer votre compte ?
account-delete-confirm-label = Saisissez votre mot de passe pour confirmer
account-deleted-title = Votre compte est supprimé
account-deleted = Tout ce qui était conservé à votre sujet a été supprimé.
account-sign-out-action = Se déconnecter
account-sign-in-again = Pour votre sécurité, reconnectez-vous avant de continuer.
account-prove-title = Est-ce bien vous ?
account-prove-lead = Pour protéger votre compte, saisissez votre mot de passe avant de continuer.
