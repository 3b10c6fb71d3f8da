# Spanish, for Spain and America alike. Whoever uses the pages is "usted", mostly unsaid. What the keys stand for is said in en.ftl;
# the order is the same.

# On every page
skip-to-content = Ir al contenido
language = Idioma
change-language-action = Cambiar
to-continue = para continuar en { $app }
required-note = Obligatorio
optional-note = opcional
required-hint = Todos los campos son obligatorios, salvo los marcados como opcionales.
back-to-sign-in-action = Volver al inicio de sesión
continue-action = Continuar
cancel-action = Cancelar
show-password-action = Mostrar la contraseña
hide-password-action = Ocultar la contraseña
or = o
problem-heading = Hay un problema
working = Un momento…
optional-label = { $label } (opcional)

# Sign in
sign-in-title = Iniciar sesión
sign-in-action = Iniciar sesión
sign-in-with-provider-action = Continuar con { $provider }
username-label = Nombre de usuario
email-label = Correo electrónico
phone-label = Número de teléfono
email-or-phone-label = Correo electrónico o número de teléfono
username-or-email-label = Nombre de usuario o correo electrónico
username-or-phone-label = Nombre de usuario o número de teléfono
username-email-or-phone-label = Nombre de usuario, correo electrónico o número de teléfono
password-label = Contraseña
forgot-password-action = ¿Ha olvidado la contraseña?
new-here = ¿Aún no tiene cuenta?
sign-up-link-action = Crear una cuenta

# Sign up
sign-up-title = Crear una cuenta
sign-up-action = Crear cuenta
already-here = ¿Ya tiene una cuenta?
sign-in-link-action = Iniciar sesión
phone-hint = Con el código de país; por ejemplo, +14155550100
birthdate-hint = Año, mes y día; por ejemplo, 1990-12-31
sign-up-terms = Al crear una cuenta, acepta nuestras <terms>Condiciones de uso</terms> y nuestra <privacy>Política de privacidad</privacy>.

# Attributes of a person
attribute-address = Dirección
attribute-birthdate = Fecha de nacimiento
attribute-email = Correo electrónico
attribute-family_name = Apellidos
attribute-gender = Género
attribute-given_name = Nombre
attribute-locale = Idioma y región
attribute-middle_name = Segundo nombre
attribute-name = Nombre completo
attribute-nickname = Apodo
attribute-phone_number = Número de teléfono
attribute-picture = Foto (dirección web)
attribute-preferred_username = Nombre de usuario preferido
attribute-profile = Perfil (dirección web)
attribute-website = Sitio web
attribute-zoneinfo = Zona horaria

# What a password must have
password-rules = La contraseña debe cumplir estos requisitos:
password-rule-length = { $count ->
    [one] al menos { $count } carácter
   *[other] al menos { $count } caracteres
}
password-rule-lower = una letra minúscula
password-rule-upper = una letra mayúscula
password-rule-digit = un número
password-rule-symbol = un símbolo como ! # ?
password-rule-met = requisito cumplido
password-rule-history = { $count ->
    [one] distinta de su última contraseña
   *[other] distinta de sus últimas { $count } contraseñas
}

# Confirmation of a sign-up
confirm-title = Confirmar la cuenta
confirm-action = Confirmar cuenta
confirm-sent-to = Hemos enviado un código a { $destination }. Introdúzcalo aquí.
confirm-sent = Introduzca el código que le hemos enviado.
code-label = Código
resend-code-action = Enviar un código nuevo
code-not-received = ¿No ha llegado nada? Mire primero en la carpeta de correo no deseado.
code-was-resent = Hemos enviado un código nuevo a { $destination }.
confirmed-now-sign-in = Su cuenta está confirmada. Inicie sesión para continuar.
confirm-no-code = Su cuenta se ha creado. Un administrador debe confirmarla antes de que pueda iniciar sesión.

# A link of a message
confirm-user-title = Cuenta confirmada
confirm-user-done = Su cuenta está confirmada. Puede cerrar esta página, o volver a la aplicación e iniciar sesión.
confirm-user-failed-title = Este enlace no funciona
confirm-user-failed = El enlace es demasiado antiguo o ya se ha utilizado. Inicie sesión para pedir uno nuevo.

# A forgotten password
forgot-password-title = ¿Ha olvidado la contraseña?
forgot-password-lead = Indique quién es y le enviaremos un código para establecer una contraseña nueva.
forgot-password-action-send = Enviar código
reset-password-title = Establecer una contraseña nueva
reset-password-sent-to = Hemos enviado un código a { $destination }. Introdúzcalo junto con su contraseña nueva.
reset-password-sent = Introduzca el código que le hemos enviado y su contraseña nueva.
reset-password-action = Establecer contraseña
new-password-label = Contraseña nueva
repeat-password-label = Repita la contraseña
password-was-reset = Su contraseña se ha cambiado. Inicie sesión con la nueva.

# A temporary password is changed
new-password-title = Elegir una contraseña propia
new-password-lead = Ha iniciado sesión con una contraseña provisional. Elija una que nadie más conozca.
new-password-missing = También necesitamos algunos datos.
new-password-action = Guardar e iniciar sesión

# Accounts
choose-account-title = Elegir una cuenta
choose-account-lead = Tiene la sesión iniciada en este dispositivo.
choose-account-continue = Continuar como { $name }
choose-account-other-action = Usar otra cuenta
choose-account-sign-out-action = Cerrar sesión
signed-in-at = Inicio de sesión: { $when }

# Signed out
signed-out-title = Ha cerrado la sesión
signed-out-lead = Puede cerrar esta página.
signed-out-action = Volver a iniciar sesión

# Se permite la entrada a un dispositivo sin teclado
device-title = Conectar un dispositivo
device-lead = Introduzca el código que muestra su dispositivo.
device-confirm-title = ¿Permitir este dispositivo?
device-confirm-lead = { $app } quiere iniciar sesión en un dispositivo en su nombre.
device-may = La aplicación podrá entonces:
device-scope-openid = saber que es usted
device-scope-profile = ver su perfil
device-scope-email = ver su dirección de correo electrónico
device-scope-phone = ver su número de teléfono
device-scope-account = gestionar su cuenta
device-shows = Su dispositivo debe mostrar este código:
device-warning = Continúe solo si tiene el dispositivo delante. Si alguien le ha enviado el código, rechácelo.
device-allow-action = Permitir
device-refuse-action = Rechazar
device-allowed-title = Su dispositivo está conectado
device-allowed = Vuelva a su dispositivo. Continuará solo en un momento.
device-refused-title = Se ha rechazado el dispositivo
device-refused = No se le ha permitido entrar. Puede cerrar esta página.

# What went wrong on a page of its own
error-title = No ha funcionado
error-redirect-title = Este enlace no está bien configurado
error-redirect = La aplicación nos ha pedido que le enviemos a una dirección que no tiene registrada. Por su seguridad, nos hemos detenido aquí. Vuelva a la aplicación e inténtelo de nuevo; si ocurre otra vez, avise a los responsables de la aplicación.
error-request-title = Falta algo en este enlace
error-request = La dirección que ha seguido está incompleta. Vuelva a la aplicación y empiece de nuevo desde allí.
error-client-title = Esta aplicación no puede iniciar su sesión aquí
error-client = La aplicación no tiene permiso para usar esta página. Avise a los responsables de la aplicación.
error-expired-title = Esta página ha estado abierta demasiado tiempo
error-expired = Por su seguridad, hemos dejado de esperar. Empiece de nuevo.
error-provider-title = Esta opción de inicio de sesión no está disponible
error-provider = Pruebe con otra.
error-not-found-title = Aquí no hay nada
error-not-found = Puede que la dirección esté mal escrita o que la página se haya movido.
error-server-title = Algo ha salido mal
error-server = Es un error nuestro, no suyo. Espere un momento e inténtelo de nuevo.
error-for-support = Para los responsables de esta aplicación:
error-code-label = Error
error-request-id-label = Solicitud
start-again-action = Empezar de nuevo

# What went wrong with what was entered
problem-credentials = El nombre de usuario o la contraseña no son correctos.
problem-wrong-password = Esa no es su contraseña. Inténtelo de nuevo.
problem-locked = Demasiadas contraseñas incorrectas. Espere un rato e inténtelo de nuevo, o establezca una contraseña nueva.
problem-disabled = Esta cuenta está deshabilitada. Consulte a los responsables de la aplicación.
problem-not-confirmed = Esta cuenta aún no está confirmada. Necesitamos el código que le hemos enviado.
problem-reset-required = Debe establecer una contraseña nueva antes de poder iniciar sesión.
problem-temporary-expired = La contraseña provisional es demasiado antigua. Pida una nueva a un administrador.
problem-code = El código no es correcto. Compruébelo e inténtelo de nuevo.
problem-code-expired = El código es demasiado antiguo. Pida uno nuevo.
problem-user-exists = Ya hay una cuenta con este nombre. Inicie sesión o elija otro nombre.
problem-alias-exists = Otra persona ya utiliza este correo electrónico o número de teléfono.
problem-contact-taken = Ya hay una cuenta con este correo electrónico o número de teléfono. Inicie sesión con ella.
problem-password = La contraseña no cumple los requisitos indicados abajo.
problem-password-reused = Ya ha utilizado esta contraseña. Elija otra.
problem-passwords-differ = Las dos contraseñas no coinciden.
problem-required = Rellene este campo.
problem-too-long = El texto es demasiado largo.
problem-email = Introduzca un correo electrónico como name@example.com.
problem-phone = Introduzca un número de teléfono con su código de país, como +14155550100.
problem-birthdate = Introduzca una fecha con la forma año-mes-día, como 1990-12-31.
problem-field = Este dato no se puede aceptar. Compruébelo.
problem-device-code = No hay ningún dispositivo esperando con este código. Compruébelo o empiece de nuevo en su dispositivo.
problem-many-attempts = Demasiados intentos. Espere un rato e inténtelo de nuevo.
problem-busy = Tenemos mucha actividad en este momento. Espere un poco e inténtelo de nuevo.
problem-form-expired = Este formulario ha estado abierto demasiado tiempo o se ha enviado dos veces. Inténtelo de nuevo.
problem-no-recovery = Esta cuenta no tiene ningún correo electrónico ni número de teléfono confirmado al que enviar un código. Consulte a los responsables de la aplicación.
problem-only-admins = Solo un administrador puede hacer esto. Consulte a los responsables de la aplicación.
problem-sign-up-closed = Aquí las cuentas las crea un administrador.
problem-delivery = No hemos podido enviar el mensaje. Inténtelo de nuevo en un momento.
problem-not-built = Esta cuenta requiere una forma de iniciar sesión que aquí no está disponible. Consulte a los responsables de la aplicación.
problem-server = Algo ha salido mal. Inténtelo de nuevo.

# One's own account
account-title = Su cuenta
account-profile-title = Perfil
account-profile-lead = Lo que pueden ver de usted las aplicaciones que utiliza.
account-profile-empty = Todavía no se sabe nada de usted.
account-save-action = Guardar cambios
account-saved = Los cambios se han guardado.
account-fixed-hint = Esto no se puede cambiar aquí.
account-contacts-title = Correo electrónico y teléfono
account-contacts-lead = Adonde le llegan los códigos y los mensajes.
account-verified = Confirmado
account-unverified = Sin confirmar
account-pending = Pendiente del código: { $value }
account-verify-action = Confirmar
account-verify-title = Confirmar { $value }
account-verify-lead = Introduzca el código que hemos enviado allí.
account-verify-sent = Hemos enviado un código a { $destination }.
account-change-contact-action = Cambiar
account-contact-verified = Confirmado. Gracias.
account-contact-changed = Sus datos de contacto se han cambiado.
account-password-title = Contraseña
account-password-lead = Use una que no utilice en ningún otro sitio.
account-current-password-label = Contraseña actual
account-password-action = Cambiar contraseña
account-password-changed = Su contraseña se ha cambiado.
account-sessions-title = Dónde tiene la sesión iniciada
account-sessions-lead = Cierre la sesión de todo lo que no reconozca.
account-session-this = Este navegador
account-session-browser = Un navegador
account-session-app = { $app }
account-session-since = Desde: { $when }
account-session-until = Hasta: { $when }
account-session-end-action = Cerrar sesión
account-sessions-end-all-action = Cerrar sesión en todas partes
account-session-ended = Sesión cerrada.
account-sessions-ended = Se ha cerrado la sesión en todos los demás sitios.
account-data-title = Sus datos
account-data-lead = Todo lo que se guarda sobre usted, en un archivo.
account-data-action = Descargar
account-delete-title = Eliminar la cuenta
account-delete-lead = Su cuenta y todo lo que contiene se eliminan de inmediato. Esto no se puede deshacer.
account-delete-action = Eliminar mi cuenta
account-delete-confirm-title = ¿Desea eliminar su cuenta?
account-delete-confirm-label = Introduzca su contraseña para confirmar
account-deleted-title = Su cuenta se ha eliminado
account-deleted = Todo lo que se guardaba sobre usted se ha eliminado.
account-sign-out-action = Cerrar sesión
account-sign-in-again = Por su seguridad, vuelva a iniciar sesión para continuar.
account-prove-title = ¿Es usted?
account-prove-lead = Para proteger su cuenta, introduzca su contraseña para continuar.
