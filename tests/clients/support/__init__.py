"""What the tests stand on: servers, checked clients, pools, tokens. Nothing here knows how Cognate works inside."""
