# Korean: statements in 합니다, requests in 하세요. There is no plural; a single one is told apart only where it reads better.
# What the keys stand for is said in en.ftl; the order is the same.

# On every page
skip-to-content = 본문으로 건너뛰기
language = 언어
change-language-action = 변경
to-continue = { $app }(으)로 이동
required-note = 필수
optional-note = 선택
required-hint = 선택 항목으로 표시되지 않은 모든 항목은 필수입니다.
back-to-sign-in-action = 로그인으로 돌아가기
continue-action = 계속
cancel-action = 취소
show-password-action = 비밀번호 표시
hide-password-action = 비밀번호 숨기기
or = 또는
problem-heading = 문제가 있습니다
working = 잠시만 기다려 주세요…
optional-label = { $label }(선택)

# Sign in
sign-in-title = 로그인
sign-in-action = 로그인
sign-in-with-provider-action = { $provider }(으)로 계속하기
username-label = 사용자 이름
email-label = 이메일 주소
phone-label = 전화번호
email-or-phone-label = 이메일 주소 또는 전화번호
username-or-email-label = 사용자 이름 또는 이메일 주소
username-or-phone-label = 사용자 이름 또는 전화번호
username-email-or-phone-label = 사용자 이름, 이메일 주소 또는 전화번호
password-label = 비밀번호
forgot-password-action = 비밀번호를 잊으셨나요?
new-here = 처음이신가요?
sign-up-link-action = 계정 만들기

# Sign up
sign-up-title = 계정 만들기
sign-up-action = 계정 만들기
already-here = 이미 계정이 있으신가요?
sign-in-link-action = 로그인
phone-hint = 국가 번호를 포함해 입력하세요. 예: +14155550100
birthdate-hint = 연, 월, 일 순서로 입력하세요. 예: 1990-12-31
sign-up-terms = 계정을 만들면 <terms>이용약관</terms> 및 <privacy>개인정보처리방침</privacy>에 동의하는 것으로 간주됩니다.

# Attributes of a person
attribute-address = 주소
attribute-birthdate = 생년월일
attribute-email = 이메일 주소
attribute-family_name = 성
attribute-gender = 성별
attribute-given_name = 이름
attribute-locale = 언어 및 지역
attribute-middle_name = 중간 이름
attribute-name = 성명
attribute-nickname = 별명
attribute-phone_number = 전화번호
attribute-picture = 사진(웹 주소)
attribute-preferred_username = 선호하는 사용자 이름
attribute-profile = 프로필(웹 주소)
attribute-website = 웹사이트
attribute-zoneinfo = 시간대

# What a password must have
password-rules = 비밀번호 조건:
password-rule-length = { $count }자 이상
password-rule-lower = 영문 소문자 포함
password-rule-upper = 영문 대문자 포함
password-rule-digit = 숫자 포함
password-rule-symbol = ! # ? 등의 기호 포함
password-rule-met = 충족됨
password-rule-history = { $count ->
    [1] 직전 비밀번호와 다름
   *[other] 최근 비밀번호 { $count }개와 다름
}

# Confirmation of a sign-up
confirm-title = 계정 인증
confirm-action = 계정 인증
confirm-sent-to = { $destination }(으)로 인증 코드를 보냈습니다. 여기에 입력하세요.
confirm-sent = 보내 드린 인증 코드를 입력하세요.
code-label = 인증 코드
resend-code-action = 새 코드 보내기
code-not-received = 코드를 받지 못하셨나요? 먼저 스팸함을 확인하세요.
code-was-resent = { $destination }(으)로 새 인증 코드를 보냈습니다.
confirmed-now-sign-in = 계정이 인증되었습니다. 계속하려면 로그인하세요.
confirm-no-code = 계정이 만들어졌습니다. 로그인하려면 먼저 관리자가 계정을 승인해야 합니다.

# A link of a message
confirm-user-title = 계정이 인증되었습니다
confirm-user-done = 계정이 인증되었습니다. 이 페이지를 닫거나 앱으로 돌아가 로그인하세요.
confirm-user-failed-title = 사용할 수 없는 링크입니다
confirm-user-failed = 링크가 만료되었거나 이미 사용되었습니다. 새 링크를 받으려면 로그인하세요.

# A forgotten password
forgot-password-title = 비밀번호를 잊으셨나요?
forgot-password-lead = 계정 정보를 입력하시면 새 비밀번호를 설정할 수 있는 코드를 보내 드립니다.
forgot-password-action-send = 코드 보내기
reset-password-title = 새 비밀번호 설정
reset-password-sent-to = { $destination }(으)로 인증 코드를 보냈습니다. 새 비밀번호와 함께 입력하세요.
reset-password-sent = 보내 드린 인증 코드와 새 비밀번호를 입력하세요.
reset-password-action = 비밀번호 설정
new-password-label = 새 비밀번호
repeat-password-label = 비밀번호 다시 입력
password-was-reset = 비밀번호가 변경되었습니다. 새 비밀번호로 로그인하세요.

# A temporary password is changed
new-password-title = 새 비밀번호 정하기
new-password-lead = 임시 비밀번호로 로그인했습니다. 본인만 아는 비밀번호를 정하세요.
new-password-missing = 몇 가지 정보도 필요합니다.
new-password-action = 저장하고 로그인

# Accounts
choose-account-title = 계정 선택
choose-account-lead = 이 기기에 로그인되어 있습니다.
choose-account-continue = { $name }(으)로 계속
choose-account-other-action = 다른 계정 사용
choose-account-sign-out-action = 로그아웃
signed-in-at = 로그인: { $when }

# Signed out
signed-out-title = 로그아웃되었습니다
signed-out-lead = 이 페이지를 닫아도 됩니다.
signed-out-action = 다시 로그인

# 키보드가 없는 기기 연결
device-title = 기기 연결
device-lead = 기기에 표시된 코드를 입력하세요.
device-confirm-title = 이 기기를 허용할까요?
device-confirm-lead = { $app }에서 다른 기기에 사용자 계정으로 로그인하려고 합니다.
device-may = 허용하면 다음 작업을 할 수 있습니다.
device-scope-openid = 본인 확인
device-scope-profile = 프로필 보기
device-scope-email = 이메일 주소 보기
device-scope-phone = 전화번호 보기
device-scope-account = 계정 관리
device-shows = 기기에 다음 코드가 표시되어야 합니다.
device-warning = 기기가 눈앞에 있을 때만 계속하세요. 다른 사람이 보낸 코드라면 거부하세요.
device-allow-action = 허용
device-refuse-action = 거부
device-allowed-title = 기기가 연결되었습니다
device-allowed = 기기로 돌아가세요. 잠시 후 자동으로 계속됩니다.
device-refused-title = 기기를 거부했습니다
device-refused = 기기가 허용되지 않았습니다. 이 페이지를 닫아도 됩니다.

# What went wrong on a page of its own
error-title = 요청을 처리하지 못했습니다
error-redirect-title = 링크가 올바르게 설정되지 않았습니다
error-redirect = 앱에서 등록되지 않은 주소로 이동하도록 요청했습니다. 안전을 위해 여기서 중단했습니다. 앱으로 돌아가 다시 시도하세요. 문제가 반복되면 앱 운영자에게 알려 주세요.
error-request-title = 링크에 빠진 정보가 있습니다
error-request = 접속한 주소가 완전하지 않습니다. 앱으로 돌아가 처음부터 다시 시작하세요.
error-client-title = 이 앱은 여기에서 로그인할 수 없습니다
error-client = 이 앱은 이 페이지를 사용할 수 없습니다. 앱 운영자에게 알려 주세요.
error-expired-title = 페이지가 너무 오래 열려 있었습니다
error-expired = 안전을 위해 대기를 중단했습니다. 처음부터 다시 시작하세요.
error-provider-title = 이 로그인 방법은 사용할 수 없습니다
error-provider = 다른 방법을 이용해 주세요.
error-not-found-title = 페이지를 찾을 수 없습니다
error-not-found = 주소가 잘못되었거나 페이지가 이동했을 수 있습니다.
error-server-title = 문제가 발생했습니다
error-server = 사용자의 잘못이 아니라 저희 쪽 문제입니다. 잠시 후 다시 시도하세요.
error-for-support = 앱 운영자를 위한 정보:
error-code-label = 오류
error-request-id-label = 요청
start-again-action = 처음부터 다시 시작

# What went wrong with what was entered
problem-credentials = 사용자 이름 또는 비밀번호가 올바르지 않습니다.
problem-wrong-password = 비밀번호가 올바르지 않습니다. 다시 시도하세요.
problem-locked = 비밀번호를 너무 많이 잘못 입력했습니다. 잠시 후 다시 시도하거나 새 비밀번호를 설정하세요.
problem-disabled = 사용이 중지된 계정입니다. 앱 운영자에게 문의하세요.
problem-not-confirmed = 아직 인증되지 않은 계정입니다. 보내 드린 인증 코드가 필요합니다.
problem-reset-required = 로그인하려면 새 비밀번호를 설정해야 합니다.
problem-temporary-expired = 임시 비밀번호가 만료되었습니다. 관리자에게 새 임시 비밀번호를 요청하세요.
problem-code = 인증 코드가 올바르지 않습니다. 확인 후 다시 시도하세요.
problem-code-expired = 인증 코드가 만료되었습니다. 새 코드를 요청하세요.
problem-user-exists = 같은 이름의 계정이 이미 있습니다. 로그인하거나 다른 이름을 사용하세요.
problem-alias-exists = 다른 사람이 이미 사용 중인 이메일 주소 또는 전화번호입니다.
problem-contact-taken = 이 이메일 주소 또는 전화번호로 만든 계정이 이미 있습니다. 로그인하세요.
problem-password = 비밀번호가 아래 조건을 충족하지 않습니다.
problem-password-reused = 이전에 사용한 비밀번호입니다. 다른 비밀번호를 사용하세요.
problem-passwords-differ = 두 비밀번호가 일치하지 않습니다.
problem-required = 이 항목을 입력하세요.
problem-too-long = 입력한 내용이 너무 깁니다.
problem-email = name@example.com과 같은 형식의 이메일 주소를 입력하세요.
problem-phone = +14155550100과 같이 국가 번호를 포함한 전화번호를 입력하세요.
problem-birthdate = 1990-12-31과 같이 연-월-일 형식으로 날짜를 입력하세요.
problem-field = 사용할 수 없는 값입니다. 확인해 주세요.
problem-device-code = 이 코드로 대기 중인 기기가 없습니다. 코드를 확인하거나 기기에서 다시 시작하세요.
problem-many-attempts = 시도 횟수가 너무 많습니다. 잠시 후 다시 시도하세요.
problem-busy = 지금은 요청이 많습니다. 잠시 후 다시 시도하세요.
problem-form-expired = 양식이 너무 오래 열려 있었거나 두 번 전송되었습니다. 다시 시도하세요.
problem-no-recovery = 이 계정에는 코드를 보낼 수 있는 인증된 이메일 주소나 전화번호가 없습니다. 앱 운영자에게 문의하세요.
problem-only-admins = 관리자만 할 수 있는 작업입니다. 앱 운영자에게 문의하세요.
problem-sign-up-closed = 여기에서는 관리자가 계정을 만듭니다.
problem-delivery = 메시지를 보내지 못했습니다. 잠시 후 다시 시도하세요.
problem-not-built = 이 계정에 필요한 로그인 방법은 여기에서 사용할 수 없습니다. 앱 운영자에게 문의하세요.
problem-server = 문제가 발생했습니다. 다시 시도하세요.

# One's own account
account-title = 내 계정
account-profile-title = 프로필
account-profile-lead = 사용하는 앱에 표시될 수 있는 정보입니다.
account-profile-empty = 아직 등록된 정보가 없습니다.
account-save-action = 변경사항 저장
account-saved = 변경사항이 저장되었습니다.
account-fixed-hint = 여기에서는 변경할 수 없습니다.
account-contacts-title = 이메일 및 전화
account-contacts-lead = 코드와 메시지를 받는 곳입니다.
account-verified = 인증됨
account-unverified = 인증되지 않음
account-pending = 코드 입력 대기 중: { $value }
account-verify-action = 인증
account-verify-title = { $value } 인증
account-verify-lead = 해당 연락처로 보낸 인증 코드를 입력하세요.
account-verify-sent = { $destination }(으)로 인증 코드를 보냈습니다.
account-change-contact-action = 변경
account-contact-verified = 인증되었습니다. 감사합니다.
account-contact-changed = 연락처가 변경되었습니다.
account-password-title = 비밀번호
account-password-lead = 다른 곳에서 사용하지 않는 비밀번호를 사용하세요.
account-current-password-label = 현재 비밀번호
account-password-action = 비밀번호 변경
account-password-changed = 비밀번호가 변경되었습니다.
account-sessions-title = 로그인된 위치
account-sessions-lead = 모르는 항목은 로그아웃하세요.
account-session-this = 이 브라우저
account-session-browser = 브라우저
account-session-app = { $app }
account-session-since = 시작: { $when }
account-session-until = 종료: { $when }
account-session-end-action = 로그아웃
account-sessions-end-all-action = 모든 곳에서 로그아웃
account-session-ended = 로그아웃되었습니다.
account-sessions-ended = 다른 모든 곳에서 로그아웃되었습니다.
account-data-title = 내 데이터
account-data-lead = 나에 대해 저장된 모든 정보를 파일로 받을 수 있습니다.
account-data-action = 다운로드
account-delete-title = 계정 삭제
account-delete-lead = 계정과 계정에 포함된 모든 내용이 즉시 삭제됩니다. 이 작업은 취소할 수 없습니다.
account-delete-action = 내 계정 삭제
account-delete-confirm-title = 계정을 삭제할까요?
account-delete-confirm-label = 확인을 위해 비밀번호를 입력하세요
account-deleted-title = 계정이 삭제되었습니다
account-deleted = 저장되어 있던 모든 정보가 삭제되었습니다.
account-sign-out-action = 로그아웃
account-sign-in-again = 계속하려면 안전을 위해 다시 로그인하세요.
account-prove-title = 본인이 맞습니까?
account-prove-lead = 계정을 안전하게 보호하기 위해 계속하려면 비밀번호를 입력하세요.
