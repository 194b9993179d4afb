"""When the app is not there for a while: last pages stay readable, ticks and answers wait."""
