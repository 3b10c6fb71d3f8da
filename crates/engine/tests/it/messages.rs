//! Messages that leave through carriers, and those that cannot.

use std::ops::Deref;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use cognate_engine::carriers::{Carrier, Channel, Delivery, DeliveryError, Outgoing};
use cognate_engine::messages::Post;
use cognate_testkit::{On, TestApp, TestDb, both_engines};
use serde_json::json;

/// Takes everything over, until it is out of order.
#[derive(Default)]
struct Postman {
    taken: Mutex<Vec<Outgoing>>,
    out_of_order: AtomicBool,
}

impl Carrier for Postman {
    fn deliver<'a>(&'a self, message: &'a Outgoing) -> Delivery<'a> {
        Box::pin(async move {
            tokio::task::yield_now().await; // waits, as it may not inside a write
            if self.out_of_order.load(Ordering::SeqCst) {
                return Err(DeliveryError::Refused(554));
            }
            self.taken.lock().unwrap().push(message.clone());
            Ok(())
        })
    }
}

/// An app whose e-mail a postman takes; there is nobody for SMS.
struct Posting {
    app: TestApp,
    postman: Arc<Postman>,
}

impl On for Posting {
    async fn on(db: TestDb) -> Self {
        let postman = Arc::new(Postman::default());
        let email: Arc<dyn Carrier> = Arc::clone(&postman) as Arc<dyn Carrier>;
        Self { app: TestApp::with_post(db, Post::carriers(Some(email), None)).await, postman }
    }
}

impl Deref for Posting {
    type Target = TestApp;

    fn deref(&self) -> &TestApp {
        &self.app
    }
}

impl Posting {
    fn taken(&self) -> Vec<Outgoing> {
        self.postman.taken.lock().unwrap().clone()
    }
}

both_engines! {
    async fn a_code_leaves_with_the_pools_sender_and_words(app: Posting) {
        let email = json!({
            "EmailSendingAccount": "DEVELOPER", "From": "Us <us@example.com>", "ReplyToEmailAddress": "help@example.com",
            "SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/us@example.com",
        });
        let template = json!({ "EmailSubject": "Welcome", "EmailMessage": "Type {####} <b>now</b>" });
        let pool = app.pool_with(json!({
            "AutoVerifiedAttributes": ["email"], "EmailConfiguration": email, "VerificationMessageTemplate": template,
        })).await;
        let client = app.client(&pool).await;

        app.sign_up(&client, "ann").await.assert_good();

        let [message] = &app.taken()[..] else { panic!("one message") };
        let code = message.code.clone().unwrap();
        assert_eq!((message.channel, message.to.as_str()), (Channel::Email, "ann@example.com"));
        assert_eq!(message.from.as_deref(), Some("Us <us@example.com>"));
        assert_eq!(message.reply_to.as_deref(), Some("help@example.com"));
        assert_eq!(message.subject.as_deref(), Some("Welcome"));
        assert_eq!(message.body, format!("Type {code} <b>now</b>"));
        assert_eq!((message.trigger, message.pool_id.as_str()), ("CustomMessage_SignUp", pool.as_str()));
        assert_eq!(app.rows("inbox").await, 0);
        app.confirm(&client, "ann", &code).await.assert_good();
    }

    async fn a_sign_up_whose_code_cannot_be_sent_is_kept_and_can_be_sent_again(app: Posting) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.postman.out_of_order.store(true, Ordering::SeqCst);

        let failed = app.sign_up(&client, "ann").await;

        assert_eq!(failed.error.as_deref(), Some("CodeDeliveryFailureException"), "{failed}");
        assert_eq!((app.rows("users").await, app.rows("codes").await), (1, 1));
        let resent = app.resend(&client, "ann").await;
        assert_eq!(resent.error.as_deref(), Some("CodeDeliveryFailureException"), "{resent}");
        app.postman.out_of_order.store(false, Ordering::SeqCst);
        app.resend(&client, "ann").await.assert_good();
        let code = app.taken().pop().unwrap().code.unwrap();
        app.confirm(&client, "ann", &code).await.assert_good();
    }

    async fn without_a_carrier_nothing_is_pretended(app: Posting) {
        let pool = app.pool_with(json!({ "AutoVerifiedAttributes": ["phone_number"] })).await;
        let client = app.client(&pool).await;
        let attributes = json!([{ "Name": "phone_number", "Value": "+12065550100" }]);
        let input = json!({
            "ClientId": client, "Username": "ann", "Password": "Correct-Horse-9", "UserAttributes": attributes,
        });

        let failed = app.idp("SignUp", input).await;

        assert_eq!(failed.error.as_deref(), Some("CodeDeliveryFailureException"), "{failed}");
        assert!(!failed.message.contains("2065550100"), "{failed}");
    }

    async fn a_refused_sign_up_sends_nothing(app: Posting) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.sign_up(&client, "ann").await.assert_good();

        assert_eq!(app.sign_up(&client, "ann").await.status, 400);

        assert_eq!(app.taken().len(), 1);
    }
}
