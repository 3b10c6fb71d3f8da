//! The banner of `dev`: short, and every line of it can be copied.

use std::fmt;
use std::path::Path;

use super::welcome::Welcome;

pub(crate) struct Banner<'b> {
    pub(crate) welcome: &'b Welcome,
    /// `None` for a store that is removed at the end.
    pub(crate) data: Option<&'b Path>,
}

impl fmt::Display for Banner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Welcome { endpoint, region, user_pool_id, client_id, issuer, login_url, mock_issuer, .. } = self.welcome;
        let data = self.data.map_or_else(|| "kept nowhere (--ephemeral)".into(), |data| data.display().to_string());
        let auth = match mock_issuer {
            Some(issuer) => format!("{endpoint}/v1, where a mock signs people in: {issuer}"),
            None => format!("{endpoint}/v1"),
        };
        write!(
            f,
            "\
Cognate is ready for development at {endpoint}

  User pool   {user_pool_id}
  App client  {client_id}
  Issuer      {issuer}
  Sign in     {login_url}
  Auth API    {auth}
  Inbox       {endpoint}/dev/inbox
  Data        {data}

boto3
  boto3.client(\"cognito-idp\", endpoint_url=\"{endpoint}\", region_name=\"{region}\", aws_access_key_id=\"dev\", aws_secret_access_key=\"dev\")

AWS CLI
  AWS_ACCESS_KEY_ID=dev AWS_SECRET_ACCESS_KEY=dev aws cognito-idp list-users --user-pool-id {user_pool_id} --region {region} --endpoint-url {endpoint}

Amplify
  Amplify.configure({{ Auth: {{ Cognito: {{ userPoolId: \"{user_pool_id}\", userPoolClientId: \"{client_id}\", userPoolEndpoint: \"{endpoint}\" }} }} }})

Messages are kept in the inbox, any access key is admitted. Ctrl-C ends it."
        )
    }
}
