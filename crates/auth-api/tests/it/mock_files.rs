//! What a mock's file may not say, and how that is told.

use std::fmt::Write as _;

use cognate_auth_api::provider::mock::Script;

/// On three lines, so that what follows is on the fourth.
const ANN: &str = "[[users]]\nemail = \"ann@example.com\"\npassword = \"x\"\n";
const NIGHTLY: &str = "[[machines]]\nclient_id = \"nightly\"\nclient_secret = \"secret-of-nightly\"\n";

fn told(script: &str) -> Vec<String> {
    Script::read(script).err().unwrap_or_default().iter().map(ToString::to_string).collect()
}

/// What follows Ann, and what is said of it.
const UNFIT: &[(&str, &str)] = &[
    ("fish = 1", "line 4: unknown field `fish`, expected one of `email`, `password`"),
    ("[[user]]\nemail = 1", "line 4: unknown field `user`, expected one of `code`, `required_attributes`, `users`"),
    ("name = 1", "line 4: invalid type: integer `1`, expected a string"),
    ("name = \"Ann", "line 4: "),
    ("email = \"amy@example.com\"", "line 4: duplicate key"),
    ("name = \"\"", "line 4: A name is 1 to 200 characters on one line."),
    ("sub = \"\"", "line 4: A subject's id is 1 to 255 characters on one line."),
    ("phone = \"555\"", "line 4: A phone number is + and at most fifteen digits."),
    ("status = \"asleep\"", "line 4: unknown variant `asleep`, expected one of `confirmed`, `unconfirmed`"),
    ("challenges = [\"web_authn\"]", "line 4: unknown variant `web_authn`, expected one of `new_password`"),
    ("challenges = [\"new_password\"]", "line 4: A new password is asked for by `status = \"new_password_required\"`."),
    ("challenges = [\"sms_code\"]", "line 4: A code by text message needs a `phone`."),
    ("challenges = [\"software_token\"]", "line 4: An authenticator's code needs a `totp_secret`"),
    ("challenges = [\"custom\"]", "line 4: A challenge of one's own needs an `answer`"),
    ("challenges = [\"email_code\", \"email_code\"]", "line 4: A challenge is asked once."),
    ("challenges = [\"select\", \"email_code\"]", "line 4: What follows `select` is what there is to choose from"),
    ("totp_secret = \"ABC1\"", "line 4: A TOTP secret is 10 to 128 bytes in base 32."),
    ("totp_secret = \"AAAA\"", "line 4: A TOTP secret is 10 to 128 bytes in base 32."),
    ("question = \"\"", "line 4: A question is 1 to 500 characters on one line."),
    ("groups = [\"\"]", "line 4: A group's name is 1 to 128 characters on one line."),
    ("platform_role = \"owner\"", "line 4: \"owner\" is no role of scope platform; there are platform_admin, support."),
    ("plan = \"Pro!\"", "line 4: A plan is 1 to 40 of a-z, 0-9, _ and -, and begins with a letter."),
    (
        "[[users]]\nemail = \"ANN@example.com\"\npassword = \"y\"",
        "line 5: This e-mail address is somebody else's already",
    ),
    ("[[users]]\nemail = \"ann\"\npassword = \"y\"", "line 5: This is no e-mail address."),
    (
        "[[users]]\nemail = \"eve@example.com\"\npassword = \"\"",
        "line 6: A password is 1 to 256 characters on one line.",
    ),
    ("[[users]]\nemail = \"eve@example.com\"", "line 4: missing field `password`"),
    (
        "[[machines]]\nclient_id = \"mock\"\nclient_secret = \"12345678\"",
        "line 5: A client's id is 1 to 128 letters, digits",
    ),
    (
        "[[machines]]\nclient_id = \"a b\"\nclient_secret = \"12345678\"",
        "line 5: A client's id is 1 to 128 letters, digits",
    ),
    ("[[machines]]\nclient_id = \"m\"\nclient_secret = \"1234567\"", "line 6: A client's secret is 8 to 256 letters"),
    (
        "[[machines]]\nclient_id = \"m\"\nclient_secret = \"12345678\"\nkind = \"user\"",
        "line 7: A machine's kind is machine",
    ),
    (
        "[[machines]]\nclient_id = \"m\"\nclient_secret = \"12345678\"\nscopes = [\"a b\"]",
        "line 7: A scope is 1 to 256 visible",
    ),
    (
        "[[workspaces]]\nname = \"W\"\nmembers = []",
        "line 6: A workspace needs an owner: a member with `role = \"owner\"`.",
    ),
    (
        "[[workspaces]]\nname = \"W\"\nmembers = [{ user = \"ann@example.com\", role = \"admin\" }]",
        "line 6: A workspace needs an owner",
    ),
    (
        "[[workspaces]]\nname = \"W\"\nmembers = [\n{ user = \"ann@example.com\", role = \"owner\" },\n{ user = \"eve@example.com\", role = \"viewer\" },\n]",
        "line 8: A member is a `user` of [[users]] by address",
    ),
    (
        "[[workspaces]]\nname = \"W\"\nmembers = [\n{ user = \"ann@example.com\", role = \"owner\" },\n{ user = \"ann@example.com\", role = \"viewer\" },\n]",
        "line 8: Somebody is a member once.",
    ),
    (
        "[[users]]\nemail = \"eve@example.com\"\npassword = \"y\"\n[[workspaces]]\nname = \"W\"\nmembers = [{ user = \"ann@example.com\", role = \"owner\" }, { user = \"eve@example.com\", role = \"captain\" }]",
        "line 9: \"captain\" is no role of scope workspace; there are admin, member, owner, viewer.",
    ),
    (
        "[[workspaces]]\nid = \"7\"\nname = \"W\"\nmembers = [{ user = \"ann@example.com\", role = \"owner\" }]",
        "line 5: A workspace's id is a UUID in lower case.",
    ),
    (
        "[[workspaces]]\nname = \"W\"\nmembers = [{ user = \"ann@example.com\", role = \"owner\" }]\n[[workspaces]]\nname = \" W\"\nmembers = [{ user = \"ann@example.com\", role = \"owner\" }]",
        "line 8: There is such a workspace already",
    ),
    ("[[roles]]\nkey = \"owner\"\nname = \"O\"", "line 5: This role is there already"),
    ("[[roles]]\nkey = \"Owner\"\nname = \"O\"", "line 5: A role's key is 1 to 40 of a-z"),
    ("[[roles]]\nkey = \"o\"\nname = \"\"", "line 6: A name is 1 to 100 characters on one line."),
    ("[[roles]]\nkey = \"o\"\nscope = \"world\"\nname = \"O\"", "line 6: unknown variant `world`"),
    ("[[grants]]\nrole = \"captain\"\naction = \"*\"\nresource = \"*\"", "line 5: There is no role \"captain\""),
    ("[[grants]]\nrole = \"viewer\"\naction = \"a b\"\nresource = \"*\"", "line 6: An action is at most 100 of a-z"),
    ("[[grants]]\nrole = \"viewer\"\naction = \"*\"\nresource = \"a b\"", "line 7: A resource is at most 300 letters"),
    (
        "[[grants]]\nrole = \"viewer\"\naction = \"*\"\nresource = \"*\"\ncondition = { moon = \"full\" }",
        "line 8: This condition cannot be used: ",
    ),
    ("[[faults]]\noperation = \"fly\"\ncode = \"provider_failed\"", "line 4: An operation is \"*\" or one of sign_in"),
    ("[[faults]]\noperation = \"sign_in\"\ncode = \"internal\"", "line 4: A code that a provider can cause is one of"),
    ("[[faults]]\noperation = \"sign_in\"", "line 4: A fault has a code, a delay, or both."),
];

#[test]
fn what_does_not_fit_is_named_by_its_line_with_what_would_fit() {
    for (after, flaw) in UNFIT {
        let flaws = told(&format!("{ANN}{after}\n"));
        assert_eq!(flaws.len(), 1, "{after}: {flaws:?}");
        assert!(flaws[0].starts_with(flaw), "{after}: {}", flaws[0]);
    }
    assert_eq!(told(&format!("code = \"\"\n{ANN}")), ["line 1: A code is 1 to 256 characters on one line."]);
    let attribute = "line 1: A required attribute is one that a person says, such as name or custom:team.";
    assert_eq!(told(&format!("required_attributes = [\"email_verified\"]\n{ANN}")), [attribute]);
}

#[test]
fn all_flaws_are_told_at_once_by_line() {
    let script = format!("{ANN}plan = \"?\"\n[[users]]\nemail = \"eve\"\npassword = \"\"\n{NIGHTLY}kind = \"user\"\n");
    let lines: Vec<_> = told(&script).into_iter().map(|flaw| flaw.split(':').next().unwrap().to_owned()).collect();
    assert_eq!(lines, ["line 4", "line 6", "line 7", "line 11"]);
}

#[test]
fn there_is_an_end_to_everything() {
    let many = |of: &str, one: fn(usize) -> String, most: usize| {
        let list = |count: usize| {
            (0..count).fold(String::new(), |mut text, at| {
                let _ = writeln!(text, "[[{of}]]\n{}", one(at));
                text
            })
        };
        assert_eq!(told(&list(most)), Vec::<String>::new());
        assert_eq!(told(&list(most + 1)), [format!("line 1: There are more than {most} {of}.")]);
    };
    many("users", |at| format!("email = \"u{at}@example.com\"\npassword = \"x\""), 1_000);
    many("machines", |at| format!("client_id = \"m{at}\"\nclient_secret = \"12345678\""), 100);
    many("roles", |at| format!("key = \"r{at}\"\nname = \"R\""), 100);
    many("grants", |at| format!("role = \"viewer\"\naction = \"a{at}\"\nresource = \"*\""), 1_000);
    many("faults", |at| format!("operation = \"sign_in\"\ndelay = \"{at}ms\""), 100);
    assert_eq!(told(&" ".repeat(1024 * 1024 + 1)), ["line 1: The file is longer than 1 MiB."]);
}

#[test]
fn the_example_of_the_guide_is_a_good_file() {
    assert_eq!(told(include_str!("../../../../docs/examples/mock.toml")), Vec::<String>::new());
    assert_eq!(told(""), Vec::<String>::new(), "and so is an empty one");
}
