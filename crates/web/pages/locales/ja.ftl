# Japanese, in です・ます. There is no plural; a single one is told apart only where it reads better. What the keys stand for is said
# in en.ftl; the order is the same.

# On every page
skip-to-content = 本文へ移動
language = 言語
change-language-action = 変更
to-continue = { $app } に進む
required-note = 必須
optional-note = 任意
required-hint = 「任意」と表示されている項目を除き、すべて必須です。
back-to-sign-in-action = サインインに戻る
continue-action = 続行
cancel-action = キャンセル
show-password-action = パスワードを表示
hide-password-action = パスワードを非表示
or = または
problem-heading = 問題があります
working = お待ちください…
optional-label = { $label }（任意）

# Sign in
sign-in-title = サインイン
sign-in-action = サインイン
sign-in-with-provider-action = { $provider } で続行
username-label = ユーザー名
email-label = メールアドレス
phone-label = 電話番号
email-or-phone-label = メールアドレスまたは電話番号
username-or-email-label = ユーザー名またはメールアドレス
username-or-phone-label = ユーザー名または電話番号
username-email-or-phone-label = ユーザー名、メールアドレスまたは電話番号
password-label = パスワード
forgot-password-action = パスワードをお忘れですか？
new-here = 初めてご利用ですか？
sign-up-link-action = アカウントを作成

# Sign up
sign-up-title = アカウントの作成
sign-up-action = アカウントを作成
already-here = すでにアカウントをお持ちですか？
sign-in-link-action = サインイン
phone-hint = 国番号を付けて入力してください（例：+14155550100）
birthdate-hint = 年、月、日の順に入力してください（例：1990-12-31）
sign-up-terms = アカウントを作成すると、<terms>利用規約</terms>と<privacy>プライバシーポリシー</privacy>に同意したことになります。

# Attributes of a person
attribute-address = 住所
attribute-birthdate = 生年月日
attribute-email = メールアドレス
attribute-family_name = 姓
attribute-gender = 性別
attribute-given_name = 名
attribute-locale = 言語と地域
attribute-middle_name = ミドルネーム
attribute-name = 氏名
attribute-nickname = ニックネーム
attribute-phone_number = 電話番号
attribute-picture = 画像（URL）
attribute-preferred_username = 希望するユーザー名
attribute-profile = プロフィール（URL）
attribute-website = ウェブサイト
attribute-zoneinfo = タイムゾーン

# What a password must have
password-rules = パスワードの条件：
password-rule-length = { $count } 文字以上
password-rule-lower = 英小文字を含む
password-rule-upper = 英大文字を含む
password-rule-digit = 数字を含む
password-rule-symbol = ! # ? などの記号を含む
password-rule-met = 条件を満たしています
password-rule-history = { $count ->
    [1] 前回のパスワードと異なる
   *[other] 過去 { $count } 回のパスワードと異なる
}

# Confirmation of a sign-up
confirm-title = アカウントの確認
confirm-action = アカウントを確認
confirm-sent-to = { $destination } に確認コードを送信しました。ここに入力してください。
confirm-sent = お送りした確認コードを入力してください。
code-label = 確認コード
resend-code-action = 新しいコードを送信
code-not-received = 届かない場合は、まず迷惑メールフォルダをご確認ください。
code-was-resent = { $destination } に新しい確認コードを送信しました。
confirmed-now-sign-in = アカウントが確認されました。続行するにはサインインしてください。
confirm-no-code = アカウントが作成されました。サインインするには、管理者による確認が必要です。

# A link of a message
confirm-user-title = アカウントを確認しました
confirm-user-done = アカウントが確認されました。このページを閉じるか、アプリに戻ってサインインしてください。
confirm-user-failed-title = このリンクは使用できません
confirm-user-failed = リンクの有効期限が切れているか、すでに使用されています。新しいリンクを受け取るにはサインインしてください。

# A forgotten password
forgot-password-title = パスワードをお忘れですか？
forgot-password-lead = アカウントの情報を入力してください。新しいパスワードを設定するためのコードをお送りします。
forgot-password-action-send = コードを送信
reset-password-title = 新しいパスワードの設定
reset-password-sent-to = { $destination } に確認コードを送信しました。新しいパスワードと一緒に入力してください。
reset-password-sent = お送りした確認コードと新しいパスワードを入力してください。
reset-password-action = パスワードを設定
new-password-label = 新しいパスワード
repeat-password-label = パスワード（もう一度入力）
password-was-reset = パスワードが変更されました。新しいパスワードでサインインしてください。

# A temporary password is changed
new-password-title = ご自分のパスワードを設定
new-password-lead = 仮パスワードでサインインしました。ご自分だけが知っているパスワードを設定してください。
new-password-missing = あわせて、次の情報も入力してください。
new-password-action = 保存してサインイン

# Accounts
choose-account-title = アカウントの選択
choose-account-lead = このデバイスでサインインしています。
choose-account-continue = { $name } として続行
choose-account-other-action = 別のアカウントを使用
choose-account-sign-out-action = サインアウト
signed-in-at = サインイン：{ $when }

# Signed out
signed-out-title = サインアウトしました
signed-out-lead = このページを閉じてもかまいません。
signed-out-action = もう一度サインイン

# キーボードのない機器の接続
device-title = 機器を接続
device-lead = 機器に表示されているコードを入力してください。
device-confirm-title = この機器を許可しますか？
device-confirm-lead = { $app } が、別の機器であなたとしてサインインしようとしています。
device-may = 許可すると、次のことができるようになります。
device-scope-openid = あなたであることの確認
device-scope-profile = プロフィールの閲覧
device-scope-email = メールアドレスの閲覧
device-scope-phone = 電話番号の閲覧
device-scope-account = アカウントの管理
device-shows = 機器に次のコードが表示されていることを確認してください。
device-warning = 機器が手元にある場合にだけ続けてください。コードが誰かから送られてきたものなら、拒否してください。
device-allow-action = 許可
device-refuse-action = 拒否
device-allowed-title = 機器を接続しました
device-allowed = 機器に戻ってください。まもなく自動的に続きます。
device-refused-title = 機器を拒否しました
device-refused = 機器は許可されませんでした。このページを閉じてかまいません。

# What went wrong on a page of its own
error-title = 処理できませんでした
error-redirect-title = このリンクは正しく設定されていません
error-redirect = アプリから、登録されていないアドレスへの移動を求められました。安全のため、ここで中止しました。アプリに戻ってもう一度お試しください。同じ問題が続く場合は、アプリの運営者にお知らせください。
error-request-title = このリンクには情報が不足しています
error-request = アクセスしたアドレスが不完全です。アプリに戻って最初からやり直してください。
error-client-title = このアプリではここからサインインできません
error-client = このアプリには、このページの使用が許可されていません。アプリの運営者にお知らせください。
error-expired-title = このページは長時間開いたままでした
error-expired = 安全のため、待機を終了しました。最初からやり直してください。
error-provider-title = このサインイン方法は利用できません
error-provider = 別の方法をお試しください。
error-not-found-title = ページが見つかりません
error-not-found = アドレスが間違っているか、ページが移動した可能性があります。
error-server-title = 問題が発生しました
error-server = お客様側の問題ではなく、こちらの問題です。しばらく待ってからもう一度お試しください。
error-for-support = このアプリの運営者向けの情報：
error-code-label = エラー
error-request-id-label = リクエスト
start-again-action = 最初からやり直す

# What went wrong with what was entered
problem-credentials = ユーザー名またはパスワードが正しくありません。
problem-wrong-password = パスワードが正しくありません。もう一度お試しください。
problem-locked = パスワードの間違いが多すぎます。しばらく待ってからもう一度お試しいただくか、新しいパスワードを設定してください。
problem-disabled = このアカウントは無効になっています。アプリの運営者にお問い合わせください。
problem-not-confirmed = このアカウントはまだ確認されていません。お送りした確認コードが必要です。
problem-reset-required = サインインするには、新しいパスワードを設定する必要があります。
problem-temporary-expired = 仮パスワードの有効期限が切れています。管理者に新しい仮パスワードを依頼してください。
problem-code = 確認コードが正しくありません。確認してもう一度お試しください。
problem-code-expired = 確認コードの有効期限が切れています。新しいコードを受け取ってください。
problem-user-exists = この名前のアカウントはすでに存在します。サインインするか、別の名前を選んでください。
problem-alias-exists = このメールアドレスまたは電話番号は、すでに他の人が使用しています。
problem-contact-taken = このメールアドレスまたは電話番号のアカウントはすでに存在します。サインインしてください。
problem-password = パスワードが下記の条件を満たしていません。
problem-password-reused = このパスワードは以前に使用されています。別のパスワードを選んでください。
problem-passwords-differ = 2 つのパスワードが一致しません。
problem-required = この項目を入力してください。
problem-too-long = 入力が長すぎます。
problem-email = name@example.com のようなメールアドレスを入力してください。
problem-phone = +14155550100 のように、国番号を付けた電話番号を入力してください。
problem-birthdate = 1990-12-31 のように、年-月-日の形式で日付を入力してください。
problem-field = この内容は受け付けられません。ご確認ください。
problem-device-code = このコードで待機している機器はありません。コードを確認するか、機器で最初からやり直してください。
problem-many-attempts = 試行回数が多すぎます。しばらく待ってからもう一度お試しください。
problem-busy = ただいま大変混み合っています。少し待ってからもう一度お試しください。
problem-form-expired = このフォームは長時間開いたままだったか、2 回送信されました。もう一度お試しください。
problem-no-recovery = このアカウントには、コードを送信できる確認済みのメールアドレスまたは電話番号がありません。アプリの運営者にお問い合わせください。
problem-only-admins = この操作は管理者だけが行えます。アプリの運営者にお問い合わせください。
problem-sign-up-closed = ここでは、アカウントは管理者が作成します。
problem-delivery = メッセージを送信できませんでした。しばらくしてからもう一度お試しください。
problem-not-built = このアカウントに必要なサインイン方法は、ここでは利用できません。アプリの運営者にお問い合わせください。
problem-server = 問題が発生しました。もう一度お試しください。

# One's own account
account-title = アカウント
account-profile-title = プロフィール
account-profile-lead = ご利用のアプリに表示されることのある情報です。
account-profile-empty = まだ情報が登録されていません。
account-save-action = 変更を保存
account-saved = 変更を保存しました。
account-fixed-hint = ここでは変更できません。
account-contacts-title = メールと電話
account-contacts-lead = コードやメッセージの送信先です。
account-verified = 確認済み
account-unverified = 未確認
account-pending = 確認コードの入力待ち：{ $value }
account-verify-action = 確認
account-verify-title = { $value } の確認
account-verify-lead = 送信先に届いた確認コードを入力してください。
account-verify-sent = { $destination } に確認コードを送信しました。
account-change-contact-action = 変更
account-contact-verified = 確認が完了しました。ありがとうございます。
account-contact-changed = 連絡先を変更しました。
account-password-title = パスワード
account-password-lead = ほかで使用していないパスワードを設定してください。
account-current-password-label = 現在のパスワード
account-password-action = パスワードを変更
account-password-changed = パスワードを変更しました。
account-sessions-title = サインイン中の場所
account-sessions-lead = 心当たりのないものはサインアウトしてください。
account-session-this = このブラウザ
account-session-browser = ブラウザ
account-session-app = { $app }
account-session-since = 開始：{ $when }
account-session-until = 終了：{ $when }
account-session-end-action = サインアウト
account-sessions-end-all-action = すべてサインアウト
account-session-ended = サインアウトしました。
account-sessions-ended = ほかのすべての場所からサインアウトしました。
account-data-title = データ
account-data-lead = 保存されているお客様の情報をすべて、ファイルとして受け取れます。
account-data-action = ダウンロード
account-delete-title = アカウントの削除
account-delete-lead = アカウントとその内容はすべて、すぐに削除されます。この操作は取り消せません。
account-delete-action = アカウントを削除
account-delete-confirm-title = アカウントを削除しますか？
account-delete-confirm-label = 確認のためパスワードを入力してください
account-deleted-title = アカウントを削除しました
account-deleted = 保存されていたお客様の情報はすべて削除されました。
account-sign-out-action = サインアウト
account-sign-in-again = 続行するには、安全のためもう一度サインインしてください。
account-prove-title = ご本人ですか？
account-prove-lead = アカウントの安全のため、続行するにはパスワードを入力してください。
