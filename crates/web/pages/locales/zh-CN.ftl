# Simplified Chinese. Whoever uses the pages is 您. There is no plural; a single one is told apart only where it reads better.
# What the keys stand for is said in en.ftl; the order is the same.

# On every page
skip-to-content = 跳至正文
language = 语言
change-language-action = 更改
to-continue = 继续使用 { $app }
required-note = 必填
optional-note = 选填
required-hint = 除标明“选填”的项目外，其余均为必填。
back-to-sign-in-action = 返回登录
continue-action = 继续
cancel-action = 取消
show-password-action = 显示密码
hide-password-action = 隐藏密码
or = 或
problem-heading = 出现问题
working = 请稍候……
optional-label = { $label }（选填）

# Sign in
sign-in-title = 登录
sign-in-action = 登录
sign-in-with-provider-action = 使用 { $provider } 继续
username-label = 用户名
email-label = 电子邮箱
phone-label = 手机号码
email-or-phone-label = 电子邮箱或手机号码
username-or-email-label = 用户名或电子邮箱
username-or-phone-label = 用户名或手机号码
username-email-or-phone-label = 用户名、电子邮箱或手机号码
password-label = 密码
forgot-password-action = 忘记了密码？
new-here = 还没有账号？
sign-up-link-action = 创建账号

# Sign up
sign-up-title = 创建账号
sign-up-action = 创建账号
already-here = 已有账号？
sign-in-link-action = 登录
phone-hint = 请加上国家/地区代码，例如 +14155550100
birthdate-hint = 请按年、月、日的顺序填写，例如 1990-12-31
sign-up-terms = 创建账号即表示您同意我们的<terms>使用条款</terms>和<privacy>隐私政策</privacy>。

# Attributes of a person
attribute-address = 地址
attribute-birthdate = 出生日期
attribute-email = 电子邮箱
attribute-family_name = 姓氏
attribute-gender = 性别
attribute-given_name = 名字
attribute-locale = 语言和地区
attribute-middle_name = 中间名
attribute-name = 姓名
attribute-nickname = 昵称
attribute-phone_number = 手机号码
attribute-picture = 头像（网址）
attribute-preferred_username = 首选用户名
attribute-profile = 个人主页（网址）
attribute-website = 网站
attribute-zoneinfo = 时区

# What a password must have
password-rules = 密码必须符合以下要求：
password-rule-length = 至少 { $count } 个字符
password-rule-lower = 包含小写字母
password-rule-upper = 包含大写字母
password-rule-digit = 包含数字
password-rule-symbol = 包含符号，例如 ! # ?
password-rule-met = 已满足
password-rule-history = { $count ->
    [1] 与上一个密码不同
   *[other] 与最近 { $count } 个密码均不相同
}

# Confirmation of a sign-up
confirm-title = 验证您的账号
confirm-action = 验证账号
confirm-sent-to = 我们已将验证码发送至 { $destination }，请在此输入。
confirm-sent = 请输入我们发送给您的验证码。
code-label = 验证码
resend-code-action = 重新发送验证码
code-not-received = 没有收到？请先查看垃圾邮件文件夹。
code-was-resent = 我们已将新的验证码发送至 { $destination }。
confirmed-now-sign-in = 您的账号已通过验证。请登录以继续。
confirm-no-code = 您的账号已创建。您需要等待管理员确认后才能登录。

# A link of a message
confirm-user-title = 账号已通过验证
confirm-user-done = 您的账号已通过验证。您可以关闭此页面，或返回应用登录。
confirm-user-failed-title = 此链接无法使用
confirm-user-failed = 此链接已过期或已被使用。请登录以获取新的链接。

# A forgotten password
forgot-password-title = 忘记了密码？
forgot-password-lead = 请告诉我们您的账号信息，我们将向您发送验证码，供您设置新密码。
forgot-password-action-send = 发送验证码
reset-password-title = 设置新密码
reset-password-sent-to = 我们已将验证码发送至 { $destination }，请输入验证码和新密码。
reset-password-sent = 请输入我们发送给您的验证码和您的新密码。
reset-password-action = 设置密码
new-password-label = 新密码
repeat-password-label = 再次输入密码
password-was-reset = 您的密码已更改。请使用新密码登录。

# A temporary password is changed
new-password-title = 设置您自己的密码
new-password-lead = 您使用临时密码登录。请设置一个只有您自己知道的密码。
new-password-missing = 我们还需要您补充一些信息。
new-password-action = 保存并登录

# Accounts
choose-account-title = 选择账号
choose-account-lead = 您已在此设备上登录。
choose-account-continue = 以 { $name } 的身份继续
choose-account-other-action = 使用其他账号
choose-account-sign-out-action = 退出登录
signed-in-at = 登录时间：{ $when }

# Signed out
signed-out-title = 您已退出登录
signed-out-lead = 您可以关闭此页面。
signed-out-action = 重新登录

# 允许没有键盘的设备登录
device-title = 连接设备
device-lead = 请输入设备上显示的代码。
device-confirm-title = 允许此设备登录？
device-confirm-lead = { $app } 想在一台设备上以您的身份登录。
device-may = 允许后，它可以：
device-scope-openid = 确认是您本人
device-scope-profile = 查看您的个人资料
device-scope-email = 查看您的电子邮箱地址
device-scope-phone = 查看您的电话号码
device-scope-account = 管理您的账户
device-shows = 您的设备上应显示此代码：
device-warning = 只有设备就在您面前时才继续。如果代码是别人发给您的，请拒绝。
device-allow-action = 允许
device-refuse-action = 拒绝
device-allowed-title = 设备已连接
device-allowed = 请回到您的设备，它稍后会自动继续。
device-refused-title = 已拒绝该设备
device-refused = 该设备未获允许。您可以关闭此页面。

# What went wrong on a page of its own
error-title = 操作未能完成
error-redirect-title = 此链接的设置有误
error-redirect = 应用要求我们将您转到一个未登记的网址。为了您的安全，我们已中止操作。请返回应用重试；如果问题再次出现，请告知应用的运营方。
error-request-title = 此链接缺少信息
error-request = 您访问的网址不完整。请返回应用，从那里重新开始。
error-client-title = 此应用无法让您在这里登录
error-client = 此应用无权使用此页面。请告知应用的运营方。
error-expired-title = 此页面打开的时间过长
error-expired = 为了您的安全，我们已停止等待。请重新开始。
error-provider-title = 此登录方式不可用
error-provider = 请尝试其他方式。
error-not-found-title = 找不到此页面
error-not-found = 网址可能有误，或页面已移走。
error-server-title = 出错了
error-server = 这是我们的问题，与您无关。请稍候重试。
error-for-support = 供应用运营方参考：
error-code-label = 错误
error-request-id-label = 请求
start-again-action = 重新开始

# What went wrong with what was entered
problem-credentials = 用户名或密码不正确。
problem-wrong-password = 这不是您的密码。请重试。
problem-locked = 密码错误次数过多。请过一段时间再试，或设置新密码。
problem-disabled = 此账号已停用。请咨询应用的运营方。
problem-not-confirmed = 此账号尚未通过验证。请提供我们发送给您的验证码。
problem-reset-required = 您需要先设置新密码，然后才能登录。
problem-temporary-expired = 临时密码已过期。请向管理员索取新的临时密码。
problem-code = 验证码不正确。请检查后重试。
problem-code-expired = 验证码已过期。请获取新的验证码。
problem-user-exists = 已有使用此名称的账号。请直接登录，或选择其他名称。
problem-alias-exists = 此电子邮箱或手机号码已被他人使用。
problem-contact-taken = 已有使用此电子邮箱或手机号码的账号。请直接登录。
problem-password = 密码不符合下列要求。
problem-password-reused = 您以前使用过此密码。请选择其他密码。
problem-passwords-differ = 两次输入的密码不一致。
problem-required = 请填写此项。
problem-too-long = 内容过长。
problem-email = 请输入电子邮箱，例如 name@example.com。
problem-phone = 请输入带国家/地区代码的手机号码，例如 +14155550100。
problem-birthdate = 请按“年-月-日”的格式输入日期，例如 1990-12-31。
problem-field = 无法接受此内容。请检查。
problem-device-code = 没有设备在等待此代码。请检查代码，或在设备上重新开始。
problem-many-attempts = 尝试次数过多。请过一段时间再试。
problem-busy = 目前系统繁忙。请稍候重试。
problem-form-expired = 此表单打开的时间过长，或已重复提交。请重试。
problem-no-recovery = 此账号没有可用于接收验证码的已验证电子邮箱或手机号码。请咨询应用的运营方。
problem-only-admins = 此操作只能由管理员执行。请咨询应用的运营方。
problem-sign-up-closed = 此处的账号由管理员创建。
problem-delivery = 我们未能发送消息。请稍后重试。
problem-not-built = 此账号所需的登录方式在这里不可用。请咨询应用的运营方。
problem-server = 出错了。请重试。

# One's own account
account-title = 您的账号
account-profile-title = 个人资料
account-profile-lead = 您使用的应用可能会看到这些信息。
account-profile-empty = 目前还没有您的任何信息。
account-save-action = 保存更改
account-saved = 您的更改已保存。
account-fixed-hint = 此处无法更改。
account-contacts-title = 邮箱和手机
account-contacts-lead = 用于接收验证码和消息。
account-verified = 已验证
account-unverified = 未验证
account-pending = 等待输入验证码：{ $value }
account-verify-action = 验证
account-verify-title = 验证 { $value }
account-verify-lead = 请输入我们发送到该处的验证码。
account-verify-sent = 我们已将验证码发送至 { $destination }。
account-change-contact-action = 更改
account-contact-verified = 验证成功，谢谢。
account-contact-changed = 您的联系方式已更改。
account-password-title = 密码
account-password-lead = 请使用一个您未在其他地方使用过的密码。
account-current-password-label = 当前密码
account-password-action = 更改密码
account-password-changed = 您的密码已更改。
account-sessions-title = 您的登录位置
account-sessions-lead = 如有您不认识的登录，请将其退出。
account-session-this = 此浏览器
account-session-browser = 浏览器
account-session-app = { $app }
account-session-since = 开始时间：{ $when }
account-session-until = 到期时间：{ $when }
account-session-end-action = 退出登录
account-sessions-end-all-action = 在所有位置退出登录
account-session-ended = 已退出登录。
account-sessions-ended = 您已在其他所有位置退出登录。
account-data-title = 您的数据
account-data-lead = 以文件形式获取所保存的有关您的全部信息。
account-data-action = 下载
account-delete-title = 删除账号
account-delete-lead = 您的账号及其中的所有内容将立即删除。此操作无法撤消。
account-delete-action = 删除我的账号
account-delete-confirm-title = 要删除您的账号吗？
account-delete-confirm-label = 请输入密码以确认
account-deleted-title = 您的账号已删除
account-deleted = 所保存的有关您的全部信息均已删除。
account-sign-out-action = 退出登录
account-sign-in-again = 为了您的安全，请重新登录以继续。
account-prove-title = 是您本人吗？
account-prove-lead = 为了您的账户安全，请输入密码以继续。
