# Modern Standard Arabic. What is written from left to right amid it (a number with a plus, a date, symbols) stands between U+2066
# and U+2069, or a browser would turn it round. What the keys stand for is said in en.ftl; the order is the same.

# On every page
skip-to-content = التخطي إلى المحتوى
language = اللغة
change-language-action = تغيير
to-continue = للمتابعة إلى { $app }
required-note = مطلوب
optional-note = اختياري
required-hint = جميع الحقول مطلوبة ما لم يُذكر أنها اختيارية.
back-to-sign-in-action = العودة إلى تسجيل الدخول
continue-action = متابعة
cancel-action = إلغاء
show-password-action = إظهار كلمة المرور
hide-password-action = إخفاء كلمة المرور
or = أو
problem-heading = توجد مشكلة
working = لحظة من فضلك…
optional-label = { $label } (اختياري)

# Sign in
sign-in-title = تسجيل الدخول
sign-in-action = تسجيل الدخول
sign-in-with-provider-action = المتابعة باستخدام { $provider }
username-label = اسم المستخدم
email-label = البريد الإلكتروني
phone-label = رقم الهاتف
email-or-phone-label = البريد الإلكتروني أو رقم الهاتف
username-or-email-label = اسم المستخدم أو البريد الإلكتروني
username-or-phone-label = اسم المستخدم أو رقم الهاتف
username-email-or-phone-label = اسم المستخدم أو البريد الإلكتروني أو رقم الهاتف
password-label = كلمة المرور
forgot-password-action = هل نسيت كلمة المرور؟
new-here = ليس لديك حساب؟
sign-up-link-action = إنشاء حساب

# Sign up
sign-up-title = إنشاء حساب
sign-up-action = إنشاء الحساب
already-here = هل لديك حساب بالفعل؟
sign-in-link-action = تسجيل الدخول
phone-hint = مع رمز البلد، مثل { "\u2066" }+14155550100{ "\u2069" }
birthdate-hint = السنة ثم الشهر ثم اليوم، مثل { "\u2066" }1990-12-31{ "\u2069" }
sign-up-terms = بإنشاء حساب، فإنك توافق على <terms>شروط الاستخدام</terms> و<privacy>سياسة الخصوصية</privacy>.

# Attributes of a person
attribute-address = العنوان
attribute-birthdate = تاريخ الميلاد
attribute-email = البريد الإلكتروني
attribute-family_name = اسم العائلة
attribute-gender = الجنس
attribute-given_name = الاسم الأول
attribute-locale = اللغة والمنطقة
attribute-middle_name = الاسم الأوسط
attribute-name = الاسم الكامل
attribute-nickname = اللقب
attribute-phone_number = رقم الهاتف
attribute-picture = الصورة (عنوان ويب)
attribute-preferred_username = اسم المستخدم المفضل
attribute-profile = الملف الشخصي (عنوان ويب)
attribute-website = الموقع الإلكتروني
attribute-zoneinfo = المنطقة الزمنية

# What a password must have
password-rules = يجب أن تستوفي كلمة المرور الشروط التالية:
password-rule-length = { $count ->
    [zero] أي عدد من الأحرف ({ $count } على الأقل)
    [one] حرف واحد على الأقل
    [two] حرفان على الأقل
    [few] { $count } أحرف على الأقل
    [many] { $count } حرفًا على الأقل
   *[other] { $count } حرف على الأقل
}
password-rule-lower = حرف لاتيني صغير
password-rule-upper = حرف لاتيني كبير
password-rule-digit = رقم
password-rule-symbol = رمز مثل { "\u2066" }! # ?{ "\u2069" }
password-rule-met = مستوفى
password-rule-history = { $count ->
    [zero] أي كلمة مرور، ولو سبق استخدامها
    [one] مختلفة عن آخر كلمة مرور استخدمتها
    [two] مختلفة عن آخر كلمتَي مرور استخدمتهما
    [few] مختلفة عن آخر { $count } كلمات مرور استخدمتها
    [many] مختلفة عن آخر { $count } كلمة مرور استخدمتها
   *[other] مختلفة عن آخر { $count } كلمة مرور استخدمتها
}

# Confirmation of a sign-up
confirm-title = تأكيد حسابك
confirm-action = تأكيد الحساب
confirm-sent-to = أرسلنا رمزًا إلى { $destination }. أدخله هنا.
confirm-sent = أدخل الرمز الذي أرسلناه إليك.
code-label = الرمز
resend-code-action = إرسال رمز جديد
code-not-received = لم يصلك شيء؟ ابحث أولًا في مجلد الرسائل غير المرغوب فيها.
code-was-resent = أرسلنا رمزًا جديدًا إلى { $destination }.
confirmed-now-sign-in = تم تأكيد حسابك. سجّل الدخول للمتابعة.
confirm-no-code = تم إنشاء حسابك. يجب أن يؤكده أحد المسؤولين قبل أن تتمكن من تسجيل الدخول.

# A link of a message
confirm-user-title = تم تأكيد الحساب
confirm-user-done = تم تأكيد حسابك. يمكنك إغلاق هذه الصفحة، أو العودة إلى التطبيق وتسجيل الدخول.
confirm-user-failed-title = هذا الرابط لا يعمل
confirm-user-failed = الرابط قديم جدًا أو سبق استخدامه. سجّل الدخول لطلب رابط جديد.

# A forgotten password
forgot-password-title = هل نسيت كلمة المرور؟
forgot-password-lead = أخبرنا من أنت، وسنرسل إليك رمزًا لتعيين كلمة مرور جديدة.
forgot-password-action-send = إرسال الرمز
reset-password-title = تعيين كلمة مرور جديدة
reset-password-sent-to = أرسلنا رمزًا إلى { $destination }. أدخله مع كلمة المرور الجديدة.
reset-password-sent = أدخل الرمز الذي أرسلناه إليك وكلمة المرور الجديدة.
reset-password-action = تعيين كلمة المرور
new-password-label = كلمة المرور الجديدة
repeat-password-label = تكرار كلمة المرور
password-was-reset = تم تغيير كلمة المرور. سجّل الدخول باستخدام كلمة المرور الجديدة.

# A temporary password is changed
new-password-title = اختيار كلمة مرور خاصة بك
new-password-lead = سجّلت الدخول بكلمة مرور مؤقتة. اختر كلمة مرور لا يعرفها أحد غيرك.
new-password-missing = نحتاج أيضًا إلى بعض المعلومات منك.
new-password-action = حفظ وتسجيل الدخول

# Accounts
choose-account-title = اختيار حساب
choose-account-lead = لديك جلسة مفتوحة على هذا الجهاز.
choose-account-continue = المتابعة باسم { $name }
choose-account-other-action = استخدام حساب آخر
choose-account-sign-out-action = تسجيل الخروج
signed-in-at = تسجيل الدخول: { $when }

# Signed out
signed-out-title = تم تسجيل الخروج
signed-out-lead = يمكنك إغلاق هذه الصفحة.
signed-out-action = تسجيل الدخول مرة أخرى

# السماح لجهاز بلا لوحة مفاتيح بالدخول
device-title = ربط جهاز
device-lead = أدخل الرمز الظاهر على جهازك.
device-confirm-title = هل تسمح لهذا الجهاز بالدخول؟
device-confirm-lead = يريد { $app } تسجيل الدخول على جهاز باسمك.
device-may = سيتمكن عندها من:
device-scope-openid = معرفة أنك أنت
device-scope-profile = الاطلاع على ملفك الشخصي
device-scope-email = الاطلاع على عنوان بريدك الإلكتروني
device-scope-phone = الاطلاع على رقم هاتفك
device-scope-account = إدارة حسابك
device-shows = يجب أن يظهر هذا الرمز على جهازك:
device-warning = لا تتابع إلا إذا كان الجهاز أمامك. إذا أرسل إليك أحد هذا الرمز فارفض.
device-allow-action = سماح
device-refuse-action = رفض
device-allowed-title = تم ربط جهازك
device-allowed = عُد إلى جهازك. سيتابع تلقائيًا بعد لحظات.
device-refused-title = تم رفض الجهاز
device-refused = لم يُسمح له بالدخول. يمكنك إغلاق هذه الصفحة.

# What went wrong on a page of its own
error-title = تعذّر إتمام الطلب
error-redirect-title = هذا الرابط غير مُعدّ بشكل صحيح
error-redirect = طلب منا التطبيق توجيهك إلى عنوان غير مسجّل لديه. حفاظًا على أمانك، توقفنا هنا. عُد إلى التطبيق وحاول مرة أخرى؛ وإذا تكرر ذلك، فأبلغ القائمين على التطبيق.
error-request-title = هذا الرابط ينقصه شيء
error-request = العنوان الذي اتبعته غير مكتمل. عُد إلى التطبيق وابدأ من هناك مرة أخرى.
error-client-title = لا يمكن لهذا التطبيق تسجيل دخولك هنا
error-client = لا يُسمح للتطبيق باستخدام هذه الصفحة. أبلغ القائمين على التطبيق.
error-expired-title = ظلت هذه الصفحة مفتوحة لمدة طويلة
error-expired = حفاظًا على أمانك، توقفنا عن الانتظار. ابدأ من جديد.
error-provider-title = خيار تسجيل الدخول هذا غير متاح
error-provider = يُرجى تجربة خيار آخر.
error-not-found-title = لا يوجد شيء هنا
error-not-found = ربما كُتب العنوان بشكل خاطئ، أو نُقلت الصفحة.
error-server-title = حدث خطأ ما
error-server = الخطأ من جانبنا وليس من جانبك. انتظر لحظة ثم حاول مرة أخرى.
error-for-support = للقائمين على هذا التطبيق:
error-code-label = الخطأ
error-request-id-label = الطلب
start-again-action = البدء من جديد

# What went wrong with what was entered
problem-credentials = اسم المستخدم أو كلمة المرور غير صحيحة.
problem-wrong-password = هذه ليست كلمة مرورك. حاول مرة أخرى.
problem-locked = أُدخلت كلمة مرور خاطئة مرات كثيرة. انتظر بعض الوقت ثم حاول مرة أخرى، أو عيّن كلمة مرور جديدة.
problem-disabled = هذا الحساب معطّل. تواصل مع القائمين على التطبيق.
problem-not-confirmed = لم يتم تأكيد هذا الحساب بعد. نحتاج إلى الرمز الذي أرسلناه إليك.
problem-reset-required = عليك تعيين كلمة مرور جديدة قبل أن تتمكن من تسجيل الدخول.
problem-temporary-expired = كلمة المرور المؤقتة قديمة جدًا. اطلب كلمة مرور جديدة من أحد المسؤولين.
problem-code = هذا الرمز غير صحيح. تحقق منه وحاول مرة أخرى.
problem-code-expired = هذا الرمز قديم جدًا. اطلب رمزًا جديدًا.
problem-user-exists = يوجد حساب بهذا الاسم بالفعل. سجّل الدخول، أو اختر اسمًا آخر.
problem-alias-exists = يستخدم شخص آخر هذا البريد الإلكتروني أو رقم الهاتف بالفعل.
problem-contact-taken = يوجد حساب بهذا البريد الإلكتروني أو رقم الهاتف بالفعل. سجّل الدخول بدلًا من ذلك.
problem-password = كلمة المرور لا تستوفي الشروط أدناه.
problem-password-reused = سبق أن استخدمت كلمة المرور هذه. اختر كلمة أخرى.
problem-passwords-differ = كلمتا المرور غير متطابقتين.
problem-required = املأ هذا الحقل.
problem-too-long = النص طويل جدًا.
problem-email = أدخل بريدًا إلكترونيًا مثل name@example.com.
problem-phone = أدخل رقم هاتف مع رمز البلد، مثل { "\u2066" }+14155550100{ "\u2069" }.
problem-birthdate = أدخل تاريخًا بصيغة السنة والشهر واليوم، مثل { "\u2066" }1990-12-31{ "\u2069" }.
problem-field = لا يمكن قبول هذه القيمة. تحقق منها.
problem-device-code = لا يوجد جهاز ينتظر بهذا الرمز. تحقق منه، أو ابدأ من جديد على جهازك.
problem-many-attempts = محاولات كثيرة جدًا. انتظر بعض الوقت ثم حاول مرة أخرى.
problem-busy = لدينا ضغط كبير حاليًا. انتظر لحظة ثم حاول مرة أخرى.
problem-form-expired = ظل هذا النموذج مفتوحًا لمدة طويلة، أو أُرسل مرتين. حاول مرة أخرى.
problem-no-recovery = ليس لهذا الحساب بريد إلكتروني أو رقم هاتف مؤكَّد يمكن إرسال رمز إليه. تواصل مع القائمين على التطبيق.
problem-only-admins = لا يمكن القيام بذلك إلا من قِبل أحد المسؤولين. تواصل مع القائمين على التطبيق.
problem-sign-up-closed = ينشئ المسؤولون الحسابات هنا.
problem-delivery = تعذّر إرسال الرسالة. حاول مرة أخرى بعد لحظات.
problem-not-built = يحتاج هذا الحساب إلى طريقة لتسجيل الدخول غير متاحة هنا. تواصل مع القائمين على التطبيق.
problem-server = حدث خطأ ما. حاول مرة أخرى.

# One's own account
account-title = حسابك
account-profile-title = الملف الشخصي
account-profile-lead = ما قد تراه عنك التطبيقات التي تستخدمها.
account-profile-empty = لا توجد معلومات عنك بعد.
account-save-action = حفظ التغييرات
account-saved = تم حفظ التغييرات.
account-fixed-hint = لا يمكن تغيير هذا هنا.
account-contacts-title = البريد الإلكتروني والهاتف
account-contacts-lead = حيث تصلك الرموز والرسائل.
account-verified = تم التأكيد
account-unverified = لم يتم التأكيد
account-pending = في انتظار الرمز: { $value }
account-verify-action = تأكيد
account-verify-title = تأكيد { $value }
account-verify-lead = أدخل الرمز الذي أرسلناه إلى هناك.
account-verify-sent = أرسلنا رمزًا إلى { $destination }.
account-change-contact-action = تغيير
account-contact-verified = تم التأكيد. شكرًا لك.
account-contact-changed = تم تغيير بيانات الاتصال.
account-password-title = كلمة المرور
account-password-lead = اختر كلمة مرور لا تستخدمها في أي مكان آخر.
account-current-password-label = كلمة المرور الحالية
account-password-action = تغيير كلمة المرور
account-password-changed = تم تغيير كلمة المرور.
account-sessions-title = جلساتك المفتوحة
account-sessions-lead = سجّل الخروج من كل ما لا تعرفه.
account-session-this = هذا المتصفح
account-session-browser = متصفح
account-session-app = { $app }
account-session-since = منذ: { $when }
account-session-until = حتى: { $when }
account-session-end-action = تسجيل الخروج
account-sessions-end-all-action = تسجيل الخروج من كل الأجهزة
account-session-ended = تم تسجيل الخروج.
account-sessions-ended = تم تسجيل خروجك من كل الأجهزة الأخرى.
account-data-title = بياناتك
account-data-lead = كل ما هو محفوظ عنك، في ملف.
account-data-action = تنزيل
account-delete-title = حذف الحساب
account-delete-lead = سيُحذف حسابك وكل ما فيه على الفور. لا يمكن التراجع عن ذلك.
account-delete-action = حذف حسابي
account-delete-confirm-title = هل تريد حذف حسابك؟
account-delete-confirm-label = أدخل كلمة المرور للتأكيد
account-deleted-title = تم حذف حسابك
account-deleted = تم حذف كل ما كان محفوظًا عنك.
account-sign-out-action = تسجيل الخروج
account-sign-in-again = حفاظًا على أمانك، سجّل الدخول مرة أخرى للمتابعة.
account-prove-title = هل هذا أنت؟
account-prove-lead = حفاظًا على أمان حسابك، أدخل كلمة المرور للمتابعة.
